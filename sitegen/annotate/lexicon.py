"""Words that tell names from other words, and one kind of name from another (English).

Owns the closed lists of the room; refuses anything that is a name of one particular thing: those are in
the gazetteer and in the collection's own records. All entries are lower case and without a full stop,
unless a list says otherwise. Written by hand for this program.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Stand before a name and are no part of it. "Sir" and "Dame" take a given name, never a surname alone.
TITLES = _words(
    """
    mr mrs ms miss messrs dr prof professor sir dame lord lady rev reverend fr father sister brother hon
    judge justice capt captain col colonel gen general lt lieut lieutenant maj major sgt sergeant cpl
    corporal brig brigadier adm admiral cmdr commander commodore marshal sen senator rep representative gov
    governor congressman congresswoman president premier chancellor king queen prince princess duke duchess
    earl count countess baron baroness viscount emperor empress sheikh sheik sultan emir imam ayatollah pope
    cardinal archbishop bishop saint monsieur madame mme mlle herr frau signor señor sen-elect mullah rabbi
    pastor deacon sheriff detective officer constable inspector ambassador mayor
    """
)
GIVEN_NAME_TITLES = _words("sir dame")
# Say what somebody does; before a name they are its role.
ROLES = _words(
    """
    minister secretary director chairman chairwoman chair chief spokesman spokeswoman spokesperson deputy
    leader head founder co-founder owner engineer electrician inventor physicist chemist scientist
    mathematician astronomer telegraphist operator editor reporter correspondent journalist writer author
    poet novelist historian critic analyst economist lawyer attorney prosecutor coach manager captain
    goalkeeper striker singer actor actress guitarist drummer bassist composer artist painter producer
    filmmaker architect banker merchant businessman businesswoman entrepreneur financier explorer surveyor
    missionary mp lawmaker legislator councillor councilman councilwoman commissioner superintendent
    principal dean rector treasurer trustee envoy diplomat negotiator activist candidate nominee researcher
    archaeologist surgeon physician nurse teacher student pilot astronaut ceo cfo coo president
    vice-president premier chancellor governor senator congressman mayor ambassador general colonel
    commander admiral judge professor bishop archbishop pope king queen prince princess emperor
    undersecretary speaker whip lieutenant sergeant inspector detective officer sheriff secretary-general
    director-general governor-general attorney-general
    """
)
# Stand before a role and belong to it: "deputy foreign minister", "former US state Department spokesman".
ROLE_MODIFIERS = _words(
    """
    prime foreign deputy vice chief former ex acting assistant associate senior junior executive managing
    general state defence defense interior finance home health education trade justice press first second
    attorney police army navy naval air military government opposition party national federal regional local
    county city state-designate financial political technical scientific company presidential campaign
    department ministry
    """
)
# May stand, capitalised, before a name at the start of a sentence or in a heading without being part of it.
FUNCTION_WORDS = _words(
    """
    a an the this that these those some any each every all both no none such another other either neither i
    me my mine we us our ours you your yours he him his she her hers it its they them their theirs who whom
    whose which what when where why how while whether because since although though if unless until till
    once as so than and or but nor yet for to of in on at by with without within from into onto upon over
    under above below between among amid against about across after before behind beside besides beyond near
    off out around along during despite except inside outside past per through throughout toward towards via
    versus like unlike is are was were be been being am do does did has have had can could may might must
    shall should will would not never ever also even just only still then thus hence therefore however
    moreover meanwhile otherwise instead nevertheless nonetheless indeed perhaps maybe soon later earlier
    now today tomorrow yesterday tonight here there again already always often sometimes usually recently
    finally eventually suddenly initially originally previously subsequently consequently accordingly
    additionally furthermore similarly likewise unfortunately fortunately apparently reportedly allegedly
    clearly obviously certainly surely probably actually really first second third last next following
    according based given regarding concerning including asked said says told say added wrote dear mere
    young old poor even one two three four five six seven eight nine ten hundreds thousands millions dozens
    many much more most several few less least half part another former late yes oh well ok okay please
    thank thanks hello see read watch note photo image video source related more
    """
)
# Begin sentences too, and are never a name of their own; used for suggestions only.
COMMON_WORDS = FUNCTION_WORDS | _words(
    """
    visiting speaking founded born living working using taking making having being seeing going coming
    looking founding retreating speaking addressing citing quoting referring responding asked having
    officials official police authorities government people residents men women children families forces
    troops soldiers fighters militants rebels protesters demonstrators voters workers students teachers
    members leaders experts scientists researchers doctors critics supporters opponents analysts observers
    witnesses survivors victims reports report news story article page chapter section part volume book
    books film films music album albums song songs single band group team club season game games match
    series episode show company firm business market trade money bank work works life death world war peace
    history science art law church school university college house home street road city town village
    country state county district area region north south east west northern southern eastern western
    central upper lower new old great big small long short high low good bad best better early late black
    white red green blue golden silver open free real true full local national international federal public
    private general special common military political social economic democratic republican liberal
    conservative labour communist socialist christian catholic protestant jewish muslim islamic god lord
    royal imperial internet
    web email telephone phone television tv radio spring summer autumn fall winter morning
    afternoon evening night day week month year century time times date age number numbers figure table list
    notes references contents introduction conclusion summary abstract appendix copyright published updated
    posted edited written photo photos picture courtesy contact call click share follow subscribe sign log
    continue advertisement breaking exclusive opinion editorial analysis review interview letter letters
    comment comments reply answer question questions problem result results effect cause reason example case
    cases fact facts point points side way ways thing things man woman boy girl child family father mother
    son daughter brother sister wife husband friend friends president minister king queen prince court
    congress parliament senate council committee department ministry office bureau agency commission union
    party army navy air force constitution bill act amendment republic kingdom empire federation coalition
    alliance campaign election elections vote budget tax taxes price prices cost costs sea ocean river lake
    mountain hill valley island bay coast beach park forest garden bridge tower castle palace airport
    station hospital hotel restaurant museum library theatre theater cathedral electricity telegraph
    telegraphs cable cables wire wires line lines message messages signal signals ship ships engineers
    operators electricians captain ours everyone everybody someone somebody anyone anybody nobody everything
    something anything nothing nowhere everywhere intl ft pm am mph km lb oz vs etc ie eg pp ed eds
    """
)
WEEKDAYS = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun
    """
)
MONTHS = _words(
    """
    january february march april may june july august september october november december jan feb mar apr
    jun jul aug sept sep oct nov dec
    """
)
CALENDAR = (
    WEEKDAYS | MONTHS | _words("""christmas easter ramadan hanukkah thanksgiving halloween bc ad bce ce gmt utc edt est pst""")
)
# Lower-case words inside a name.
PARTICLES = _words(
    """
    de del della dello der den des di do dos das du da la le las los van von zu zum zur bin ibn bint al el
    ter ten af av y e t
    """
)
# Written before a hyphen they make a word about the name, not a longer name ("anti-ISIS", but "al-Raqqah").
PREFIXES = _words(
    """
    anti pro non ex post pre mid trans inter intra pan neo cross all half part then now un former self
    """
)

# Adjectives and nouns of nations and peoples: never a name alone.
DEMONYMS = _words(
    """
    afghan afghans african africans albanian albanians algerian algerians american americans angolan arab
    arabs arabian arabic argentine argentinian armenian armenians asian asians assyrian australian
    australians austrian austrians azerbaijani azeri bahraini bangladeshi basque bavarian belarusian belgian
    belgians bolivian bosnian bosnians brazilian brazilians breton british briton britons bulgarian
    bulgarians burmese byzantine californian cambodian cameroonian canadian canadians caribbean catalan
    catalans celtic chechen chechens chilean chinese colombian congolese cornish corsican cossack croat
    croatian croats cuban cubans cypriot czech czechs danish dane danes dutch dutchman ecuadorian egyptian
    egyptians emirati english englishman englishmen eritrean estonian estonians ethiopian ethiopians
    european europeans fijian filipino finn finnish finns flemish french frenchman frenchmen gaelic georgian
    georgians german germans germanic ghanaian greek greeks guatemalan haitian hebrew hispanic honduran
    hungarian hungarians icelandic indian indians indonesian indonesians iranian iranians iraqi iraqis irish
    irishman israeli israelis italian italians ivorian jamaican japanese jew jews jewish jordanian kazakh
    kenyan kenyans korean koreans kosovar kurd kurdish kurds kuwaiti kyrgyz lao laotian latin latino latvian
    latvians lebanese liberian libyan libyans lithuanian lithuanians macedonian malagasy malay malaysian
    maltese maori mexican mexicans moldovan mongol mongolian montenegrin moroccan moroccans muslim muslims
    namibian nepalese nepali nigerian nigerians norman normans norse norwegian norwegians omani ottoman
    pakistani pakistanis palestinian palestinians panamanian paraguayan persian persians peruvian pole poles
    polish portuguese prussian prussians punjabi qatari quebecois roman romanian romanians romans russian
    russians rwandan saudi saudis saxon scandinavian scot scots scotsman scottish senegalese serb serbian
    serbs sicilian sikh sikhs singaporean slav slavic slovak slovaks slovene slovenian somali somalis soviet
    soviets spaniard spaniards spanish sudanese swede swedes swedish swiss syrian syrians taiwanese tajik
    tamil tamils tanzanian texan thai tibetan tibetans tunisian turk turkish turkmen turks tuscan ugandan
    ukrainian ukrainians uruguayan uyghur uyghurs uzbek venetian venezuelan venezuelans vietnamese viking
    vikings welsh welshman yemeni yemenis yiddish zambian zimbabwean christian christians catholic catholics
    protestant protestants sunni sunnis shia shiite shiites buddhist buddhists hindu hindus islamist
    islamists islamic islam christianity judaism buddhism hinduism republican republicans democrat democrats
    conservative conservatives tory tories liberal liberals nazi nazis communist communists marxist marxists
    victorian elizabethan edwardian medieval yazidi yazidis druze alawite alawites
    """
)

# The last word of an organisation's name, or the one before "of" or "for".
ORGANISATION_WORDS = _words(
    """
    academy administration agency airline airlines airways alliance archive archives army assembly
    associates association authority bancorp bank bbc board brigade brigades brothers bros bureau cabinet
    centre center chamber church clinic club co coalition college command commission committee company
    companies confederation congress consortium constabulary cooperative corp corporation corps council
    court daily department directorate division duma enterprises exchange express faculty federation
    fighters fire firm fleet force forces foundation front gazette government group guard guardian guards
    guild herald holdings hospital inc industries initiative institute institution intelligence
    international journal laboratories laboratory labs league legislature library limited llc ltd mail
    militia ministry mission mosque movement museum navy network news newspaper office observatory observer
    orchestra organisation organization parliament partnership party patrol platoon police post press
    productions programme program publishing radio railroad railway railways records regiment republicans
    resistance school schools secretariat senate service services society squad squadron staff star stores
    studio studios symphony syndicate systems team technologies technology telegraph telegraphs television
    temple theatre times tribunal tribune trust union unit units university ventures watch weekly works
    workshop yard
    """
)
# Those of them that also end names of people or places, and so prove little alone.
WEAK_ORGANISATION_WORDS = _words(
    """
    star post church court house watch yard works fire temple guard mail express front times
    """
)
# Begin or end a place's name: "Lake Huron", "Suffolk County".
PLACE_FIRST = _words(
    """
    lake mount mt cape fort ft port point isle isles gulf strait straits bay river saint st san santa são
    new north south east west northern southern eastern western upper lower great cote côte villa rio puerto
    """
)
PLACE_GENERIC = _words("lake mount mt cape fort port isle gulf strait straits bay river isles")
PLACE_LAST = _words(
    """
    river lake county island islands bay sea ocean valley mountains mountain hills hill province peninsula
    gulf desert strait straits channel harbour harbor creek falls park forest village township parish city
    beach springs heights district region plateau plains coast basin canal bridge square airport canyon reef
    glacier oblast governorate prefecture republic territory borough municipality point head junction
    """
)
STREETS = _words(
    """
    street avenue road boulevard drive lane highway st ave rd blvd dr ln hwy route interstate court place
    way terrace circle
    """
)
EVENT_LAST = _words(
    """
    war wars battle revolution rebellion uprising mutiny olympics olympiad games conference summit
    exhibition exposition festival earthquake hurricane flood famine plague massacre siege expedition cup
    championship championships tournament open election elections referendum treaty agreement accord accords
    convention crisis riots coup crusade inquiry
    """
)
EVENT_FIRST = _words("battle siege treaty congress peace war hurricane operation convention fall sack")

PLACE_VERBS = _words(
    """
    captured capture retook retake entered entering left leaving reached reaching visited visiting invaded
    besieged liberated stormed bombed seized seize occupied shelled attacked
    """
)
PLACE_NOUNS = _words(
    """
    capital city town village port island province region district suburb county valley state republic river
    lake airport headquarters
    """
)
PLACE_NOUNS_PLURAL = _words(
    """
    villages towns cities ports islands provinces regions districts suburbs counties states countries
    stations settlements
    """
)
SAY_VERBS = _words(
    """
    said says say told tells added adds asked asks wrote writes replied explained explains argued argues
    claimed claims stated noted notes announced warned insisted believes believed thinks thought testified
    recalled suggested admitted denied confirmed declined responded concluded joked remarked commented
    """
)
PERSON_VERBS = _words(
    """
    married died born joined played scored won lost retired moved resigned became served invented discovered
    taught met arrested charged accused
    """
)
# Acronyms that are words, units, ranks or times and no organisation.
NO_ORGANISATION = _words(
    """
    tv dna rna ceo cfo coo cto vip id ok hiv aids gdp gnp am pm ad bc bce ce gmt utc est edt pst pdt cd dvd
    pc it mp mps phd ma ba md sr jr ii iii iv vi vii viii ix xi xii xiii xiv xv xvi sms gps pdf faq diy pr
    hr rpm mph km kg usd gbp eur a i o or and the in on at of to for no yes by be is he we us me my so up ps
    re vs mr ms dj mc lp ep ufo atm sos iq uk usa html www http https url rip suv rv led ac dc fm nw ne sw
    se nne nnw ip vhf uhf read more news live watch breaking update updated video photo photos related
    advertisement exclusive
    """
)
# Surnames that are words: as an alias they would be found where the word begins a sentence.
WORD_SURNAMES = _words(
    """
    banks bell berry best bishop black brown bush cook cross day field fields fish ford fox gray green grey
    hill hope hunt king knight law little long love march may miller more page park pope power price rice rich
    rose sharp short small snow star stone strong summers swift walker ward waters wells west white winter
    wood woods young
    """
)
# Given names, the frequent ones of many languages: evidence, never proof.
# Those that are surnames more often (Warren, Wallace) are left out.
GIVEN_NAMES = _words(
    """
    aaron abdul abdullah abel abraham abu ada adam adolf adrian agnes ahmad ahmed aidan akira al alan albert
    alberto alec alejandro aleksandr alessandro alex alexander alexandra alexei alexey alfred ali alice
    alicia alison allan allen amanda amber amelia amir amy ana anatoly andre andrea andreas andrei andrew
    andrey andy angel angela angelina angus anita ann anna anne annie anthony antoine anton antonio
    archibald ariel arnold arthur asa ashley audrey augustus austin ayman barack barbara barry bart bashar
    beatrice ben benjamin bernard bernie bert beth betty bill billy bob bobby boris brad bradley brandon
    brenda brent brett brian bruce bryan calvin cameron carl carla carlo carlos carmen carol caroline
    carolyn casey catherine cecil chad charles charlie charlotte chen cheryl chester chris christian
    christina christine christoph christopher chuck cindy claire clarence claude clifford clinton clive
    colin connor craig cromwell curtis cynthia cyril cyrus dale dan daniel danielle danny darren dave david
    dawn dean deborah debra dennis derek dick diana diane diego dmitri dmitry dominic don donald donna dora
    doris dorothy doug douglas duncan dwight dylan earl ed eddie edgar edith edmund eduardo edward edwin
    elaine eleanor eli elizabeth ellen elliot elon elsa emanuel emil emily emma emmanuel enrique eric erica
    erik ernest ernst esther ethan eugene eva evan evelyn ezra faisal fatima felix ferdinand fernando fidel
    fiona florence floyd frances francesco francis francisco francois françois frank frankie franklin fred
    frederic frederick friedrich fritz gabriel gareth gary gavin gene geoff geoffrey george georges gerald
    gerard gerhard gilbert giovanni giuseppe gladys glen glenn gloria gordon grace graham grant greg gregory
    guillermo gustav guy hamid hans harold harriet harry harvey hassan heather hector heinrich helen helena
    helmut henri henry herbert herman hillary hiroshi holly homer horace howard hubert hugh hugo hussein ian
    ibrahim igor ingrid ira irene iris irving isaac isabel isabella ismail ivan jack jackie jackson jacob
    jacques jake jamal james jamie jan jane janet janice jared jason javier jay jean jeanne jeff jefferson
    jeffrey jennifer jenny jeremy jerome jerry jesse jessica jesus jill jim jimmy jo joan joanna joanne joe
    joel johann johannes john johnny jon jonathan jordan jorge jose josé josef joseph josephine josh joshua
    joyce juan judith judy julia julian julie julius june justin kabar karen karl kate katherine kathleen
    kathryn kathy katie keith kelly ken kenneth kenny kerry kevin khaled khalid kim kirk klaus kofi
    konstantin kurt kyle larry latimer laura lauren laurence lawrence leo leon leonard leonardo leonid leroy
    leslie lewis liam lillian linda lindsay lionel lisa liu lloyd lois lorenzo loretta lou louis louise
    lucas lucia lucy ludwig luigi luis luke luther lydia lynn mabel madeleine mahmoud malcolm manuel marc
    marcel marcia marco marcus margaret maria marie marilyn marina mario marion marjorie mark marshall
    martha martin marvin mary mathew matt matteo matthew maurice max maxim maxwell may megan mehmet melissa
    melvin michael michel michelle miguel mikael mikhail mike mildred miles milton miriam mitchell mohamed
    mohammad mohammed mohamud moses muhammad mustafa nancy naomi natalie natasha nathan nathaniel neil
    nelson nicholas nick nicola nicolas nigel nikita nikolai noah noam noel nora norman olga oliver olivia
    omar oscar osama otto owen pablo pamela pat patricia patrick paul paula pauline pedro peggy percy perry
    pete peter phil philip philippe phillip phyllis pierre rachel rafael ralph ramon randall randy raul ray
    raymond rebecca reggie reginald rene renee rex ricardo richard rick ricky rita rob robert roberto robin
    rod rodney roger roland roman ron ronald ronnie rosa rose ross roy rudolf rudolph rufus rupert russell
    ruth ryan saddam sally sam samantha samuel sandra sandy sara sarah scott sean sebastian serge sergei
    sergey sergio seth shane sharon shaun shawn sheila shirley sidney sigmund silvio simon simone sofia
    sophia sophie stan stanley stefan stella stephanie stephen steve steven stewart stuart sue susan suzanne
    sydney sylvia tadeusz tamara tariq tatiana ted terence teresa terry thelma theodore theresa thomas
    tiffany tim timothy tina toby todd tom tommy tony tracy travis trevor tyler ursula valentina vera vernon
    veronica victor victoria vijay vincent viola virginia vivian vladimir vyacheslav walter wanda wayne wei
    wendy werner wesley wilfred wilhelm will willard william willie willoughby wilson winston wolfgang
    xavier yasser yasuhiro yitzhak yolanda yuri yusuf yves yvonne zachary zhang zoe
    """
)

# "Republic of China", "Bay of Bengal", "City of Brampton": such words take an "of" as organisations do.
REALMS = _words(
    """
    republic kingdom commonwealth emirate bay gulf strait isle isles sea city town village county district diocese
    archdiocese hall province state region
    """
)
# Words whose stop is their own, also inside a sentence; lower case.
ABBREVIATIONS = _words(
    """
    mr mrs ms messrs dr prof rev fr hon capt col gen lt lieut maj sgt cpl brig adm cmdr sen rep reps sens gov mme mlle
    supt det st ste mt ft pt jr sr inc ltd co corp bros ave rd blvd dr ln hwy no phila
    """
)
# As newspapers shorten them behind a town ("Athens, Ga."), with the postal codes; upper and lower case as written.
_STATES = (
    "Ala.|AL|Alabama;Alaska|AK|Alaska;Ariz.|AZ|Arizona;Ark.|AR|Arkansas;Calif.|CA|California;Cal.|CA|California;"
    "Colo.|CO|Colorado;Conn.|CT|Connecticut;Del.|DE|Delaware;D.C.|DC|District of Columbia;Fla.|FL|Florida;Ga.|GA|Georgia;"
    "Hawaii|HI|Hawaii;Idaho|ID|Idaho;Ill.|IL|Illinois;Ind.|IN|Indiana;Iowa|IA|Iowa;Kan.|KS|Kansas;Kans.|KS|Kansas;"
    "Ky.|KY|Kentucky;La.|LA|Louisiana;Maine|ME|Maine;Md.|MD|Maryland;Mass.|MA|Massachusetts;Mich.|MI|Michigan;"
    "Minn.|MN|Minnesota;Miss.|MS|Mississippi;Mo.|MO|Missouri;Mont.|MT|Montana;Neb.|NE|Nebraska;Nebr.|NE|Nebraska;"
    "Nev.|NV|Nevada;N.H.|NH|New Hampshire;N.J.|NJ|New Jersey;N.M.|NM|New Mexico;N.Y.|NY|New York;"
    "N.C.|NC|North Carolina;N.D.|ND|North Dakota;Ohio|OH|Ohio;Okla.|OK|Oklahoma;Ore.|OR|Oregon;Pa.|PA|Pennsylvania;"
    "R.I.|RI|Rhode Island;S.C.|SC|South Carolina;S.D.|SD|South Dakota;Tenn.|TN|Tennessee;Tex.|TX|Texas;Utah|UT|Utah;"
    "Vt.|VT|Vermont;Va.|VA|Virginia;Wash.|WA|Washington;W.Va.|WV|West Virginia;W. Va.|WV|West Virginia;"
    "Wis.|WI|Wisconsin;Wyo.|WY|Wyoming;Ont.|ON|Ontario;Que.|QC|Quebec;B.C.|BC|British Columbia;Alta.|AB|Alberta;"
    "Sask.|SK|Saskatchewan;Man.|MB|Manitoba;N.S.|NS|Nova Scotia;N.B.|NB|New Brunswick;N.S.W.|NSW|New South Wales;"
    "Vic.|VIC|Victoria;Qld.|QLD|Queensland"
)
STATE_ABBREVIATIONS = {
    short: row.split("|")[2] for row in _STATES.split(";") for short in row.split("|")[:2] if short != row.split("|")[2]
}
# Who has the name of a place for one of his own: "Duke of Wellington".
PEERS = _words("duke duchess earl countess marquess marquis marchioness viscount viscountess baron baroness prince princess")
# Titles that belong to the name where one word or a number follows: "Queen Victoria", "Pope John".
KEPT_TITLES = _words("king queen prince princess pope emperor empress lord lady saint")
DIRECTIONS = _words(
    """
    north south east west northern southern eastern western northeast northwest southeast southwest northeastern
    northwestern southeastern southwestern central downtown upstate rural suburban nearby neighboring neighbouring
    greater inner outer upper lower mainland metropolitan metro historic midtown sub-saharan
    """
)
ORGANISATION_NOUNS = _words(
    """
    band group company team party newspaper magazine agency club label organisation organization firm network
    channel station broadcaster airline bank manufacturer publisher maker giant union league school university
    college militia regiment brigade division battalion squadron army charity body duo trio quartet website
    subsidiary supplier operator studio retailer
    """
)
RELATIVES = _words(
    """
    wife husband son daughter father mother brother sister uncle aunt cousin nephew niece grandfather grandmother
    grandson granddaughter friend colleague partner widow girlfriend boyfriend fiancee named
    """
)
CIVIC_NOUNS = _words(
    """
    police officials residents government authorities resident native man woman mayor officers citizens troops
    forces people area region border airport hospital street suburb metropolitan office offices girl boy teen teenager
    couple family students driver motorist council
    """
)
PLACE_SUFFIXES = (
    "ville",
    "burg",
    "burgh",
    "shire",
    "land",
    "stan",
    "town",
    "ford",
    "field",
    "port",
    "grad",
    "polis",
    "wood",
    "bury",
)
SURNAME_SUFFIXES = (
    "son",
    "sen",
    "ski",
    "sky",
    "ov",
    "ova",
    "ev",
    "ez",
    "ic",
    "ić",
    "ich",
    "idis",
    "yan",
    "ian",
    "elli",
    "ini",
    "mann",
)
# Words of public life behind a place's name, besides organisations': "Titus County Jail", "Minnesota House".
CIVIC_WORDS = _words(
    """
    jail courthouse house hall sheriff attorney mayor governor gov sen rep city county state embassy hospital airport
    legislature congress municipal public police fire schools area metro regional democrat democrats republican
    republicans delegation residents general national student students zoo library national turnpike supreme superior
    """
)
# What newspapers and their like are called, which are from a place and not about it.
PRESS_WORDS = _words("times daily post herald tribune gazette chronicle journal globe sentinel mail star sun news magazine press")
# Before "Court", which is none of the streets then.
JUDICIAL_WORDS = _words(
    "superior supreme circuit district municipal county appeals appellate sessions pleas magistrate federal high crown probate"
)
# Words that say which country a text is from; a name behind one of its places does the same.
COUNTRY_WORDS = {
    **dict.fromkeys(
        ("Sheriff", "Gov.", "Gov", "Sen.", "Sen", "Rep.", "Rep", "Blvd", "Ave", "Route", "Interstate", "FBI", "Republican"), "US"
    ),
    **dict.fromkeys(
        ("Republicans", "Democrat", "Democrats", "Congress", "Medicaid", "ZIP", "Elementary", "Parish", "Senate"), "US"
    ),
    **dict.fromkeys(("RCMP", "MPP", "CBC", "Canadian"), "CA"),
    **dict.fromkeys(("NHS", "Tory", "Tories", "Labour", "Cllr", "MoD", "Whitehall", "BBC"), "GB"),
    **dict.fromkeys(("Taoiseach", "Garda", "Gardaí", "Gardai", "TD"), "IE"),
}
# Lower-case words that are spelled or used so in one country.
SPELLINGS = {
    "US": _words(
        """
        percent center color program neighborhood neighbor highway sophomore freshman downtown sheriff deputies county
        counties statewide labor defense honor favorite railroad attorney bipartisan
        """
    ),
    "GB": _words(
        "centre colour programme councillor councillors motorway pub pounds neighbour labour defence honour favourite solicitor"
    ),
}
# Behind a name that is no place's then: "West Nile virus", "Marburg fever".
DISEASE_NOUNS = _words("virus viruses flu fever disease syndrome bacteria strain outbreak haemorrhagic hemorrhagic encephalitis")
# Before the names of ships, which are works and not suggested yet; as written.
SHIPS = frozenset(("HMS", "USS", "RMS", "SS", "CS", "HMTS"))
# Those of DEMONYMS that are no nations: they belong to the name behind them ("Islamic State", "Catholic Church").
CREEDS = _words("islamic islamist muslim christian catholic protestant jewish republican democrat conservative liberal communist")
