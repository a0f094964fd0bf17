"""Organisations that everybody knows, and what else they are called: facts that no text has to say. Written by hand.

Only names that mean hardly anything else: no "WHO" (a word in capitals), no "AU", no "IS". What a text says of an acronym
goes before what stands here.
"""

from __future__ import annotations

# The usual name → others.
_CALLED: dict[str, tuple[str, ...]] = {
    # of states and of peoples
    "United Nations": ("UN", "U.N."), "UN Security Council": ("United Nations Security Council", "U.N. Security Council"),
    "League of Nations": (), "European Union": ("EU", "E.U."), "European Commission": (), "European Parliament": (),
    "European Central Bank": ("ECB",), "African Union": (), "Arab League": (), "Commonwealth of Nations": (),
    "Organization of American States": (), "Organization of Islamic Cooperation": (), "Mercosur": (),
    "ASEAN": ("Association of Southeast Asian Nations",), "NATO": ("Nato", "North Atlantic Treaty Organization"),
    "OSCE": (), "Council of Europe": (), "Warsaw Pact": (),
    "OPEC": ("Opec", "Organization of the Petroleum Exporting Countries"), "World Trade Organization": ("WTO",),
    "International Monetary Fund": ("IMF",), "World Bank": (), "Asian Development Bank": (),
    "OECD": (), "World Economic Forum": (),
    "World Health Organization": ("World Health Organisation",), "World Food Programme": (), "Europol": (), "Interpol": (),
    "International Atomic Energy Agency": ("IAEA",), "International Criminal Court": (), "International Court of Justice": (),
    "UNICEF": ("Unicef",), "UNESCO": ("Unesco",), "UNHCR": (), "UNRWA": (), "UNAIDS": (), "International Labour Organization": (),
    "Red Cross": (), "International Committee of the Red Cross": ("ICRC",), "Red Crescent": (), "Amnesty International": (),
    "Greenpeace": (), "Oxfam": (), "Médecins Sans Frontières": (),
    "Transparency International": (), "Salvation Army": (), "Freemasons": (),
    "International Olympic Committee": (), "FIFA": ("Fifa",), "UEFA": ("Uefa",), "World Anti-Doping Agency": ("WADA",),
    "WWF": (), "Catholic Church": ("Roman Catholic Church",), "Church of England": (),
    # of one state
    "Federal Bureau of Investigation": ("FBI",), "Central Intelligence Agency": ("CIA",), "National Security Agency": ("NSA",),
    "NASA": ("Nasa", "National Aeronautics and Space Administration"), "Federal Aviation Administration": ("FAA",),
    "Federal Emergency Management Agency": ("FEMA",), "Environmental Protection Agency": (), "Internal Revenue Service": ("IRS",),
    "Food and Drug Administration": ("FDA",), "CDC": (), "Federal Reserve": (),
    "National Transportation Safety Board": ("NTSB",), "United States Geological Survey": ("USGS", "U.S. Geological Survey"),
    "National Oceanic and Atmospheric Administration": ("NOAA",), "National Weather Service": (), "Secret Service": (),
    "Securities and Exchange Commission": (),
    "Liberal Democrats": (), "Scotland Yard": ("New Scotland Yard",), "MI5": (), "MI6": (), "GCHQ": (), "KGB": (), "FSB": (),
    "Mossad": (), "Shin Bet": (), "Roscosmos": (), "European Space Agency": (), "Bank of England": (), "Bundeswehr": (),
    "Bundestag": (), "Knesset": (), "National Health Service": ("NHS",),
    "African National Congress": ("ANC",), "American Civil Liberties Union": ("ACLU",), "NAACP": (), "Royal Navy": (),
    "Royal Air Force": ("RAF",), "Royal Society": (), "East India Company": (), "Red Army": (), "Wehrmacht": (), "Luftwaffe": (),
    # at war
    "Islamic State": ("ISIS", "ISIL", "Daesh", "Da'esh", "Da'ish"),
    "Al-Qaeda": ("al-Qaeda", "Al Qaeda", "Al-Qaida", "al-Qaida", "Al-Qa'ida", "al-Qa'ida"),
    "Taliban": ("Taleban",), "Hezbollah": ("Hizbollah", "Hizbullah"), "Hamas": (), "Boko Haram": (),
    "Al-Shabaab": ("al-Shabaab",),
    "Fatah": (), "Palestine Liberation Organization": ("PLO",), "Muslim Brotherhood": (), "Irish Republican Army": (),
    "PKK": (), "FARC": ("Farc",), "Khmer Rouge": (), "Ku Klux Klan": (), "Gestapo": (), "Viet Cong": (),
    # what is read, heard and seen
    "BBC": (), "BBC News": (), "BBC World Service": (), "CNN": (), "Fox News": (), "NBC": (), "NBC News": (), "CBS News": (),
    "ABC News": (), "PBS": (), "NPR": (), "MTV": (), "HBO": (), "ITV": (), "Sky News": (), "Al Jazeera": ("Al-Jazeera",),
    "RT": (), "TASS": ("ITAR-TASS", "Itar-Tass"), "RIA Novosti": (), "Interfax": (), "Xinhua": (),
    "Kyodo": (), "Reuters": (), "Thomson Reuters": (), "Associated Press": (), "Agence France-Presse": ("AFP",),
    "Bloomberg News": (),
    "Deutsche Welle": (), "New York Times": (), "Washington Post": (), "Wall Street Journal": (), "Financial Times": (),
    "Los Angeles Times": (), "Boston Globe": (), "Chicago Tribune": (), "Daily Telegraph": (), "Daily Mail": (), "Le Monde": (),
    "Der Spiegel": (), "Die Zeit": (), "El País": (), "Haaretz": (), "Jerusalem Post": (), "Wikipedia": (),
    "Wikimedia Foundation": (),
    # what sells
    "Google": (), "Microsoft": (), "Facebook": (), "IBM": (), "Intel": (), "Sony": (), "Samsung": (), "Toyota": (), "Honda": (),
    "Volkswagen": (), "BMW": (), "General Motors": (), "General Electric": (), "Ford Motor Company": (), "Boeing": (),
    "Airbus": (),
    "Lockheed Martin": (), "ExxonMobil": ("Exxon Mobil",), "Gazprom": (), "Rosneft": (), "Walmart": ("Wal-Mart",),
    "Coca-Cola": (), "Pfizer": (), "Siemens": (), "Nokia": (), "Goldman Sachs": (), "Lehman Brothers": (), "HSBC": (),
    "Barclays": (), "JPMorgan Chase": ("JP Morgan Chase",), "Citigroup": (), "Lufthansa": (), "Aeroflot": (), "Air France": (),
    "British Airways": (), "American Airlines": (), "Delta Air Lines": (), "United Airlines": (), "Nasdaq": ("NASDAQ",),
}  # fmt: skip
# Letters that stand for things, not for anybody; unless the text says whom they stand for.
THINGS = frozenset(
    """ADHD AIDS ATM ATV BMI BMX CAD CD CEO CFO COO CPR CTO DJ DNA DUI DVD DWI EMT EP ERA FAQ GDP GED GMT GNP GPA GPS HDTV HIV
    ICBM ICU IED IQ IVF KO LCD LED LGBT LP LSD MBA MC MRI MRSA MVP OS PC PDF PIN PhD PTSD RBI RNA RPM RV SARS SMS SUV TB TKO TNT
    TV UAV UFO URL USB UTC VAT VCR VHS VIP WMD WNV""".split()
)
# Any of these names → the usual one.
INSTITUTIONS = {name: full for full, names in _CALLED.items() for name in (full, *names)}
