"""What no package has: points of countries, other names, demonyms, and the seas, ranges and regions of the world.

Owns tables, no code. Points are in degrees, WGS 84. `tools/pack_gazetteer.py` reads them; sitegen/data/GEONAMES.md
says where they come from.
"""

from __future__ import annotations

# Country, latitude, longitude: the "geographic coordinates" of the CIA World Factbook (public domain), in whole
# degrees; of the United States the middle of the contiguous ones, of a few others the middle of the land.
COUNTRIES = """
    AD 42.5 1.5; AE 24 54; AF 33 66; AG 17 -62; AI 18 -63; AL 41 20; AM 40 45; AO -12.5 18.5; AQ -80 0; AR -34 -64;
    AS -14 -170; AT 47.3 13.3; AU -25.5 134; AW 12.5 -70; AX 60 20; AZ 40.5 47.5; BA 44 18; BB 13.2 -59.5; BD 24 90;
    BE 50.8 4; BF 13 -2; BG 43 25; BH 26 50.5; BI -3.5 30; BJ 9.5 2.3; BL 18 -63; BM 32.3 -64.8; BN 4.5 114.7; BO -17 -65;
    BQ 12 -68; BR -10 -54; BS 24 -76; BT 27.5 90.5; BW -22 24; BY 53 28; BZ 17.2 -88.7; CA 60 -95; CC -12 97; CD -2.5 23.5;
    CF 7 21; CG -1 15; CH 47 8; CI 8 -5; CK -21 -160; CL -30 -71; CM 6 12; CN 35 104; CO 4 -72; CR 10 -84; CU 22 -79.5;
    CV 16 -24; CW 12 -69; CX -10.5 105.7; CY 35 33; CZ 49.8 15.5; DE 51 9.5; DJ 11.5 42.5; DK 56 10; DM 15.4 -61.3;
    DO 19 -70.7; DZ 28 3; EC -2 -77.5; EE 59 26; EG 26.5 30; EH 25 -13; ER 15 39; ES 40 -4; ET 8 38; FI 64 26; FJ -18 178;
    FK -51.7 -59; FM 7 158; FO 62 -7; FR 46.5 2; GA -1 11.8; GB 54.5 -2.5; GD 12 -61.7; GE 42 43.5; GF 4 -53; GG 49.5 -2.6;
    GH 8 -2; GI 36 -5.4; GL 72 -40; GM 13.5 -15.5; GN 11 -10; GP 16.2 -61.6; GQ 2 10; GR 39 22; GS -54.5 -37; GT 15.5 -90.2;
    GU 13.5 144.8; GW 12 -15; GY 5 -59; HK 22.3 114.2; HN 15 -86.5; HR 45.2 15.5; HT 19 -72.4; HU 47 20; ID -5 120;
    IE 53 -8; IL 31.5 35; IM 54.2 -4.5; IN 21 78; IO -6 71.5; IQ 33 44; IR 32 53; IS 65 -18; IT 42.8 12.8; JE 49.2 -2.2;
    JM 18.2 -77.5; JO 31 36; JP 36 137; KE 1 38; KG 41 75; KH 13 105; KI 1.4 173; KM -12.2 44.3; KN 17.3 -62.8; KP 40 127;
    KR 36.5 128; KW 29.5 45.8; KY 19.5 -80.5; KZ 48 68; LA 18 105; LB 33.8 35.8; LC 14 -61; LI 47.2 9.5; LK 7 81;
    LR 6.5 -9.5; LS -29.5 28.5; LT 56 24; LU 49.7 6.2; LV 57 25; LY 27 17; MA 32 -6; MC 43.7 7.4; MD 47 29; ME 42.5 19.3;
    MF 18 -63; MG -20 47; MH 9 168; MK 41.8 22; ML 17 -4; MM 22 97; MN 46 105; MO 22.2 113.5; MP 15.2 145.7; MQ 14.7 -61;
    MR 20 -12; MS 16.7 -62.2; MT 35.9 14.4; MU -20.3 57.6; MV 3.2 73; MW -13.5 34; MX 23 -102; MY 2.5 112.5; MZ -18 35;
    NA -22 17; NC -21.5 165.5; NE 16 8; NF -29 168; NG 9 9; NI 13 -85; NL 52.3 5.6; NO 62 10; NP 28 84; NR -0.5 167;
    NU -19 -170; NZ -42 174; OM 21 57; PA 9 -80; PE -10 -76; PF -17.5 -149.5; PG -6 147; PH 13 122; PK 30 70; PL 52 20;
    PM 46.8 -56.3; PN -25 -130; PR 18.2 -66.5; PS 32 35.2; PT 39.5 -8; PW 7.5 134.5; PY -23 -58; QA 25.5 51.2;
    RE -21.1 55.6; RO 46 25; RS 44 21; RU 60 98; RW -2 30; SA 25 45; SB -8 159; SC -4.6 55.7; SD 15 31; SE 62.5 15.5;
    SG 1.4 103.8; SH -16 -5.7; SI 46.1 14.8; SJ 78 20; SK 48.7 19.5; SL 8.5 -11.5; SM 43.9 12.4; SN 14 -14; SO 6 48;
    SR 4 -56; SS 8 30; ST 1 7; SV 13.8 -88.9; SX 18 -63; SY 35 38; SZ -26.5 31.5; TC 21.7 -71.6; TD 15 19; TF -49 69;
    TG 8 1.2; TH 15 100; TJ 39 71; TK -9 -172; TL -8.8 125.8; TM 40 60; TN 34 9; TO -20 -175; TR 39 35; TT 11 -61;
    TV -8 178; TW 23.7 121; TZ -6 35; UA 49 32; UG 1 32; US 39.8 -98.6; UY -33 -56; UZ 41 64; VA 41.9 12.4; VC 13.2 -61.2;
    VE 8 -66; VG 18.5 -64.5; VI 18.3 -64.8; VN 16 107.8; VU -16 167; WF -13.3 -176.2; WS -13.6 -172.3; XK 42.6 21; YE 15 48;
    YT -12.8 45.2; ZA -29.5 24.5; ZM -15 30; ZW -20 30
"""

# GeoNames code, latitude, longitude: provinces so large and empty that their settlements are no guide to their middle.
REGIONS = """
    CA.01 55 -115; CA.02 54 -125; CA.03 55 -97; CA.04 46.5 -66.5; CA.05 53 -60; CA.07 45 -63; CA.08 50 -85.5;
    CA.09 46.3 -63; CA.10 52 -72; CA.11 54 -106; CA.12 63 -135; CA.13 65 -119; CA.14 70 -90; AU.02 -32 147; AU.03 -20 133;
    AU.04 -22.5 144; AU.05 -30 135; AU.06 -42 147; AU.07 -37 144.5; AU.08 -26 122
"""

REGION_NAMES = {"AU.02": "NSW|N.S.W.", "CA.05": "Newfoundland|Labrador"}

OTHER_NAMES = {
    "US": "United States of America|US|USA|U.S.|U.S.A.|U.S|America",
    "GB": "UK|U.K.|Britain|Great Britain",
    "AE": "UAE|U.A.E.|Emirates", "NL": "Netherlands|Holland", "CI": "Côte d'Ivoire", "MM": "Burma", "CZ": "Czech Republic",
    "RU": "Russian Federation|Soviet Union|USSR|U.S.S.R.", "CN": "People's Republic of China|PRC|Mainland China",
    "MK": "Macedonia", "KR": "Republic of Korea|S. Korea", "KP": "DPRK|N. Korea",
    "CD": "Democratic Republic of Congo|DR Congo|DRC|D.R. Congo|Congo|Zaire|Zaïre|Congo-Kinshasa", "CG": "Congo-Brazzaville",
    "TL": "East Timor|Timor-Leste", "SZ": "Swaziland", "CV": "Cape Verde", "VA": "Vatican City|Holy See", "TR": "Türkiye",
    "PS": "Palestine|Palestinian Territories|Palestinian territories|Occupied Territories|Palestinian Authority", "LK": "Ceylon",
    "IR": "Persia|Islamic Republic of Iran", "TH": "Siam", "BA": "Bosnia|Bosnia-Herzegovina|Bosnia & Herzegovina",
    "SY": "Syrian Arab Republic", "GM": "The Gambia", "BS": "The Bahamas", "MO": "Macau", "FK": "Falklands|Falkland islands",
    "AX": "Åland Islands|Åland", "CW": "Curaçao", "RE": "Réunion", "ST": "São Tomé and Príncipe", "CF": "CAR",
    "IE": "Republic of Ireland|Irish Republic|Eire", "ZA": "Republic of South Africa|RSA", "DE": "Federal Republic of Germany",
    "TW": "Republic of China|Formosa", "PG": "PNG", "NZ": "Aotearoa", "SA": "KSA", "VN": "Viet Nam|South Vietnam|North Vietnam",
    "ET": "Abyssinia", "ZW": "Rhodesia", "BD": "East Pakistan", "TZ": "Tanganyika", "RS": "Yugoslavia", "KH": "Kampuchea",
    "VI": "US Virgin Islands|Virgin Islands", "GL": "Kalaallit Nunaat", "SX": "St. Maarten", "MF": "St. Martin",
}  # fmt: skip

# Kind: names, latitude, longitude; from general knowledge, to the degree.
WORLD = {
    "sea": """
        Atlantic Ocean|Atlantic 30 -40; North Atlantic 45 -35; South Atlantic -25 -15; Pacific Ocean|Pacific 0 -150; North
        Pacific 30 -160; South Pacific -20 -150; Indian Ocean -20 80; Arctic Ocean 85 0; Southern Ocean|Antarctic Ocean -65
        20; Mediterranean Sea|Mediterranean 35 18; Black Sea 43 34; Baltic Sea|Baltic 58 20; North Sea 56 3; Irish Sea 54
        -5; English Channel|the Channel 50 -1; Red Sea 20 38; Persian Gulf|Arabian Gulf 27 51; Gulf of Aden 12 48; Gulf of
        Oman 25 58; Arabian Sea 15 65; Bay of Bengal 14 88; South China Sea 13 114; East China Sea 29 125; Yellow Sea 36
        124; Sea of Japan 40 135; Sea of Okhotsk 55 150; Bering Sea 58 -178; Caspian Sea|Caspian 42 51; Aral Sea 45 60;
        Aegean Sea|Aegean 39 25; Adriatic Sea|Adriatic 43 15; Ionian Sea 38 19; Tyrrhenian Sea 40 12; Caribbean Sea 15 -75;
        Gulf of Mexico|Gulf Coast 25 -90; Gulf of California 28 -112; Gulf of St. Lawrence 48 -62; Gulf of Guinea 1 3; Gulf
        of Thailand 10 102; Gulf of Alaska 57 -145; Bay of Biscay 45 -5; Bay of Fundy 45 -66; Hudson Bay 60 -85; Chesapeake
        Bay 38 -76; San Francisco Bay 38 -122; Tampa Bay 28 -83; Tasman Sea -40 160; Coral Sea -18 155; Timor Sea -11 127;
        Java Sea -5 110; Celebes Sea 3 122; Andaman Sea 10 96; White Sea 66 38; Barents Sea 75 40; Dead Sea 32 36; Sea of
        Galilee 33 36; Sea of Azov 46 37; Bosphorus|Bosporus 41 29; Dardanelles 40 26; Bering Strait 66 -169; Strait of
        Hormuz 27 56; Strait of Gibraltar 36 -6; Strait of Malacca 4 100; Bass Strait -40 146; Suez Canal 31 32; Panama
        Canal 9 -80; Erie Canal 43 -76; Puget Sound 48 -122; Long Island Sound 41 -73
    """,
    "nature": """
        Alps|Swiss Alps|French Alps 46 9; Andes -20 -67; Himalayas|Himalaya 28 84; Rocky Mountains|Rockies 43 -111;
        Appalachian Mountains|Appalachians|Appalachia 38 -80; Pyrenees 43 1; Caucasus|Caucasus Mountains 43 44; North
        Caucasus 43 45; South Caucasus 41 45; Urals|Ural Mountains 60 60; Carpathians|Carpathian Mountains 47 25; Hindu Kush
        36 71; Karakoram 36 76; Atlas Mountains 32 -5; Sierra Nevada 38 -119; Cascades|Cascade Range 46 -121; Ozarks|Ozark
        Mountains 37 -93; Adirondacks|Adirondack Mountains 44 -74; Catskills|Catskill Mountains 42 -74; Blue Ridge Mountains
        37 -80; Great Smoky Mountains|Smoky Mountains 36 -84; White Mountains 44 -71; Green Mountains 44 -73; Black Hills 44
        -104; Pennines 54 -2; Cotswolds 52 -2; Lake District 54 -3; Peak District 53 -2; Scottish Highlands 57 -5; Scottish
        Borders 56 -3; Sahara|Sahara Desert 23 13; Sahel 15 5; Gobi Desert|Gobi 43 104; Kalahari -23 22; Mojave Desert 35
        -116; Sonoran Desert 32 -113; Great Plains 40 -100; Mount Everest 28 87; Mount Kilimanjaro|Kilimanjaro -3 37; Mount
        Fuji 35 139; Mount Etna 38 15; Mount Vesuvius|Vesuvius 41 14; Mount Rainier 47 -122; Mount St. Helens 46 -122; Mont
        Blanc 46 7; Matterhorn 46 8; Ben Nevis 57 -5; Kilauea 19 -155; Nile|Nile River|River Nile 25 32; Blue Nile 12 35;
        White Nile 10 32; Amazon River|Amazon|Amazon Basin -3 -60; Amazon rainforest -4 -62; Mississippi River 36 -90;
        Missouri River 41 -97; Ohio River 38 -86; Colorado River 36 -113; Rio Grande 29 -101; Hudson River 42 -74; Potomac
        River|Potomac 39 -77; Columbia River 46 -120; Tennessee River 36 -86; Connecticut River 43 -72; Delaware River 41
        -75; Susquehanna River 41 -76; Arkansas River 37 -97; Red River 34 -96; Snake River 45 -116; Yukon River 63 -150;
        Saint Lawrence River 47 -71; Thames|River Thames 51 -1; Severn|River Severn 52 -3; Mersey|River Mersey 53 -3;
        Tyne|River Tyne 55 -2; River Clyde|Clyde 56 -4; Seine 49 2; Loire 47 1; Rhône|Rhone 44 5; Rhine 51 7; Elbe 53 11;
        Danube|Danube River 45 21; Volga|Volga River 50 46; Vistula 52 19; Oder 52 15; Dnieper|Dnipro River 49 33; Don River
        49 41; Tigris|Tigris River 34 43; Euphrates|Euphrates River 35 40; Jordan River|River Jordan 32 36; Ganges|Ganges
        River 25 85; Indus|Indus River 28 69; Brahmaputra 26 92; Mekong|Mekong River 16 105; Irrawaddy 21 95;
        Yangtze|Yangtze River 30 112; Yellow River 36 110; Pearl River 23 113; Congo River -2 18; Niger River 12 4; Zambezi
        -17 30; Orange River -29 20; Murray River -35 142; Darling River -31 144; Lake Victoria -1 33; Lake Tanganyika -6
        30; Lake Malawi -12 34; Lake Chad 13 14; Lake Baikal 54 108; Lake Geneva 46 7; Lake Como 46 9; Lake Constance 48 9;
        Lake Superior 48 -87; Lake Michigan 44 -87; Lake Huron 45 -82; Lake Erie 42 -81; Lake Ontario 44 -78; Lake Champlain
        45 -73; Lake Tahoe 39 -120; Great Salt Lake 41 -112; Great Lakes 45 -83; Lake Titicaca -16 -69; Loch Ness 57 -4;
        Niagara Falls 43 -79; Grand Canyon 36 -112; Yellowstone National Park|Yellowstone 45 -111; Yosemite|Yosemite
        National Park 38 -120; Everglades 26 -81; Great Barrier Reef -18 147
    """,
    "area": """
        Middle East|Near East|Mideast 29 41; Far East 35 115; Balkans|Balkan Peninsula 43 21; Scandinavia 63 15; Siberia 60
        105; Western Siberia 60 75; Eastern Siberia 62 115; Central Asia 42 65; South Asia 22 78; Southeast Asia|South East
        Asia|South-East Asia 8 110; East Asia 35 115; Eastern Europe 52 30; Western Europe 48 5; Central Europe 49 16;
        Northern Europe 62 15; Southern Europe 41 15; North Africa|Northern Africa 27 10; West Africa 12 -3; East Africa 0
        38; Central Africa 2 20; Southern Africa -22 24; Sub-Saharan Africa|sub-Saharan Africa 0 20; Horn of Africa 8 46;
        Maghreb 32 3; Levant 34 37; Mesopotamia 33 44; Anatolia|Asia Minor 39 33; Kurdistan 37 43; Iraqi Kurdistan 36 44;
        Kashmir 34 76; Punjab 31 74; Bengal 24 88; Gaza Strip|Gaza 31.4 34.4; West Bank 32 35.3; East Jerusalem 31.8 35.2;
        Golan Heights 33 36; Sinai|Sinai Peninsula 29 34; Darfur 13 25; Biafra 6 7; Transnistria 47 29; Crimea|Crimean
        Peninsula 45 34; Donbass|Donbas 48 38; South Ossetia 42.3 44; North Ossetia 43 44; Abkhazia 43 41; Nagorno-Karabakh
        40 46.6; Chechnya 43.4 45.7; Dagestan 43 47; Ingushetia 43.2 45; Tibet 31 88; Xinjiang 41 85; Inner Mongolia 44 113;
        Manchuria 45 125; Korean Peninsula|Korea 38 127; Arabian Peninsula|Arabia 22 46; Iberian Peninsula|Iberia 40 -4;
        Indochina 16 106; Indian subcontinent|Indian Subcontinent 22 78; Latin America -5 -65; Central America 13 -86; South
        America -15 -59; North America 46 -100; Caribbean|West Indies 18 -72; Americas 15 -90; New England 44 -71;
        Midwest|American Midwest|Midwestern United States 42 -92; Deep South 33 -87; West Coast 38 -121; East Coast 38 -76;
        Eastern Seaboard 38 -76; Pacific Northwest 46 -121; Southern California 34 -117; Northern California 40 -122;
        Central Valley 37 -120; Silicon Valley 37 -122; Bay Area 38 -122; Texas Panhandle 35 -101; Upper Peninsula 46 -87;
        Cape Cod 42 -70; Long Island 41 -73; Staten Island 40.6 -74.1; Manhattan 40.8 -74; Brooklyn 40.65 -73.95; Queens
        40.7 -73.8; The Bronx|Bronx 40.85 -73.9; Harlem 40.8 -73.9; Hollywood 34.1 -118.3; Beverly Hills 34.1 -118.4;
        Capitol Hill 38.9 -77; Wall Street 40.7 -74; Downing Street 51.5 -0.1; White House 38.9 -77; Kremlin 55.75 37.6;
        Pentagon 38.9 -77.1; Westminster 51.5 -0.1; Heathrow|Heathrow Airport 51.5 -0.5; Yorkshire 54 -1.5; Sussex 51 0;
        East Anglia 52.5 1; West Midlands 52.5 -1.9; Midlands 52.5 -1.5; Cornwall 50.4 -4.8; Ulster 54.6 -6.7;
        Connacht|Connaught 53.7 -8.9; Leinster 53 -7; Munster 52.3 -9; Highlands 57 -5; Hebrides|Outer Hebrides 58 -7;
        Orkney|Orkney Islands 59 -3; Shetland|Shetland Islands 60 -1; Isle of Wight 50.7 -1.3; Channel Islands 49 -2;
        British Isles 54 -4; British Empire 53 -2; Normandy 49 0; Brittany 48 -3; Burgundy 47 4; Provence 44 6; Alsace 48
        7.5; Lorraine 49 6; Corsica 42 9; Riviera|French Riviera 43.5 7; Bavaria 49 12; Prussia 53 18; East Prussia 54 21;
        Saxony 51 13; Silesia 51 17; Pomerania 54 16; Bohemia 50 14.5; Moravia 49 17; Galicia 49 24; Transylvania 46.5 24;
        Wallachia 44.5 25.5; Thrace 41.5 26; Flanders 51 4; Wallonia 50.5 5; Lombardy 45.6 9.8; Tuscany 43.5 11; Sicily 37.5
        14; Sardinia 40 9; Crete 35 25; Catalonia 42 1.5; Andalusia 37.5 -4.7; Castile 41 -4; Basque Country 43 -2.5; Canary
        Islands|Canaries 28 -16; Balearic Islands 39.5 3; Azores 38 -28; Madeira 33 -17; Lapland 68 25; Svalbard 78 20;
        Greenland 72 -40; Sumatra 0 102; Java -7 110; Borneo 0 114; Bali -8.4 115.2; Sulawesi -2 121; New Guinea -5 140;
        Luzon 16 121; Mindanao 8 125; Visayas 11 123; Honshu 36 138; Hokkaido 43 143; Kyushu 33 131; Shikoku 34 133; Okinawa
        26.5 128; Hainan 19 110; Tasmania -42 147; South Island -44 170; North Island -39 176; Hispaniola 19 -71; Patagonia
        -41 -68; Yucatán|Yucatan Peninsula 20 -89; Baja California 29 -114; Labrador 54 -62; Newfoundland 49 -56; Vancouver
        Island 50 -126; Maritimes 46 -63; Polynesia -15 -150; Micronesia 7 150; Melanesia -10 160; Oceania -15 140;
        Antarctica -82 0; Arctic 80 0; Eurasia 50 80; Guantanamo Bay|Guantánamo Bay 20 -75; Guadalcanal -9.6 160; Pearl
        Harbor 21.4 -158; Oahu 21.5 -158; Maui 20.8 -156.3; Kauai 22 -159.5; Aleutian Islands 52 -174; Zanzibar -6 39;
        Soweto -26.3 27.9; Waziristan|North Waziristan|South Waziristan 33 70; Helmand 31 64; Tora Bora 34 70; Swat Valley
        35 72; Anbar|Anbar Province 33 42; Sadr City 33.4 44.5; Green Zone 33.3 44.4; Ottoman Empire 39 35; Byzantium 41 29;
        Constantinople 41 29; East Germany 52 13; West Germany 50.5 8; Czechoslovakia 49.5 17; Nazi Germany 51 10;
        Austria-Hungary 47.5 17; Kingdom of Great Britain 54 -2; Dutch East Indies -5 120; British India 22 78; British Raj
        22 78; Bikini Atoll 11.6 165.4
    """,
}

# Country | its adjectives and people, "_" for a space; a plural in -s is made where one is usual.
DEMONYMS = """
    AF|Afghan; AL|Albanian; DZ|Algerian; US|American; AO|Angolan; AR|Argentine|Argentinian; AM|Armenian;
    AU|Australian|Aussie; AT|Austrian; AZ|Azerbaijani|Azeri; BH|Bahraini; BD|Bangladeshi; BY|Belarusian; BE|Belgian;
    BO|Bolivian; BA|Bosnian; BR|Brazilian; GB|British|Briton|English|Scottish|Welsh|Englishman; BG|Bulgarian; MM|Burmese;
    BI|Burundian; KH|Cambodian; CM|Cameroonian; CA|Canadian; TD|Chadian; CL|Chilean; CN|Chinese; CO|Colombian; CD|Congolese;
    CR|Costa_Rican; HR|Croatian|Croat; CU|Cuban; CY|Cypriot; CZ|Czech; DK|Danish|Dane; NL|Dutch|Dutchman; EC|Ecuadorian;
    EG|Egyptian; AE|Emirati; ER|Eritrean; EE|Estonian; ET|Ethiopian; FJ|Fijian; PH|Filipino|Philippine; FI|Finnish|Finn;
    FR|French|Frenchman; GE|Georgian; DE|German; GH|Ghanaian; GR|Greek; GT|Guatemalan; GN|Guinean; HT|Haitian; HN|Honduran;
    HU|Hungarian; IS|Icelandic; IN|Indian; ID|Indonesian; IR|Iranian; IQ|Iraqi; IE|Irish|Irishman; IL|Israeli; IT|Italian;
    CI|Ivorian; JM|Jamaican; JP|Japanese; JO|Jordanian; KZ|Kazakh; KE|Kenyan; KR|South_Korean|Korean; KP|North_Korean;
    XK|Kosovar; KW|Kuwaiti; KG|Kyrgyz; LA|Laotian; LV|Latvian; LB|Lebanese; LR|Liberian; LY|Libyan; LT|Lithuanian;
    MK|Macedonian; MY|Malaysian; ML|Malian; MT|Maltese; MX|Mexican; MD|Moldovan; MN|Mongolian; ME|Montenegrin; MA|Moroccan;
    MZ|Mozambican; NA|Namibian; NP|Nepalese|Nepali; NZ|New_Zealander; NI|Nicaraguan; NG|Nigerian; NO|Norwegian; OM|Omani;
    PK|Pakistani; PS|Palestinian; PA|Panamanian; PY|Paraguayan; PE|Peruvian; PL|Polish|Pole; PT|Portuguese; PR|Puerto_Rican;
    QA|Qatari; RO|Romanian; RU|Russian|Soviet; RW|Rwandan; SA|Saudi; SN|Senegalese; RS|Serbian|Serb; SL|Sierra_Leonean;
    SG|Singaporean; SK|Slovak; SI|Slovenian|Slovene; SO|Somali; ZA|South_African; ES|Spanish|Spaniard; LK|Sri_Lankan;
    SD|Sudanese; SE|Swedish|Swede; CH|Swiss; SY|Syrian; TW|Taiwanese; TJ|Tajik; TZ|Tanzanian; TH|Thai; TN|Tunisian;
    TR|Turkish|Turk; TM|Turkmen; UG|Ugandan; UA|Ukrainian; UY|Uruguayan; UZ|Uzbek; VE|Venezuelan; VN|Vietnamese; YE|Yemeni;
    ZM|Zambian; ZW|Zimbabwean
"""
