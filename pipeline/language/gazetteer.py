"""Well-known names by kind: places, bodies of state, organisations, products, technologies, laws, concepts.

Our own list, written from general knowledge and from no data set; it says what a name usually means, and words beside
the name can say otherwise. Entries are divided by semicolons. Places come in English and in their own tongue where
that is a different word.
"""

from __future__ import annotations

from functools import lru_cache

from pipeline.language.keys import key

_PLACES = """
afghanistan;albania;algeria;andorra;angola;argentina;armenia;australia;austria;azerbaijan;bahamas;bahrain;bangladesh;
barbados;belarus;belgium;belize;benin;bhutan;bolivia;bosnia;bosnia and herzegovina;botswana;brazil;brunei;bulgaria;
burkina faso;burundi;cambodia;cameroon;canada;cape verde;chad;chile;china;colombia;comoros;congo;costa rica;croatia;
cuba;cyprus;czechia;czech republic;denmark;djibouti;dominica;dominican republic;east timor;ecuador;egypt;el salvador;
eritrea;estonia;eswatini;ethiopia;fiji;finland;france;gabon;gambia;georgia;germany;ghana;greece;grenada;guatemala;
guinea;guyana;haiti;honduras;hungary;iceland;india;indonesia;iran;iraq;ireland;israel;italy;ivory coast;jamaica;japan;
jordan;kazakhstan;kenya;kosovo;kuwait;kyrgyzstan;laos;latvia;lebanon;lesotho;liberia;libya;liechtenstein;lithuania;
luxembourg;madagascar;malawi;malaysia;maldives;mali;malta;mauritania;mauritius;mexico;moldova;monaco;mongolia;
montenegro;morocco;mozambique;myanmar;burma;namibia;nauru;nepal;netherlands;holland;new zealand;nicaragua;niger;
nigeria;north korea;north macedonia;norway;oman;pakistan;palau;palestine;panama;papua new guinea;paraguay;peru;
philippines;poland;portugal;qatar;romania;russia;rwanda;samoa;san marino;saudi arabia;senegal;serbia;seychelles;
sierra leone;singapore;slovakia;slovenia;solomon islands;somalia;somaliland;south africa;south korea;korea;
south sudan;spain;sri lanka;sudan;suriname;sweden;switzerland;syria;taiwan;tajikistan;tanzania;thailand;togo;tonga;
trinidad and tobago;tunisia;turkey;türkiye;turkmenistan;tuvalu;uganda;ukraine;united arab emirates;uae;united kingdom;
uk;britain;great britain;england;scotland;wales;northern ireland;united states;united states of america;us;usa;
america;uruguay;uzbekistan;vanuatu;vatican;vatican city;venezuela;vietnam;yemen;yugoslavia;soviet union;ussr;zambia;
zimbabwe;hong kong;macau;greenland;faroe islands;guam;puerto rico;bermuda;gibraltar;catalonia;kashmir;tibet;xinjiang;
crimea;donbas;donetsk;luhansk;nagorno-karabakh;gaza;gaza strip;west bank;golan heights;darfur;kurdistan;siberia;
bavaria;saxony;flanders;wallonia;lombardy;tuscany;sicily;sardinia;corsica;brittany;normandy;provence;andalusia;
galicia;basque country;transylvania;silesia;balkans;scandinavia;caucasus;punjab;bihar;gujarat;kerala;karnataka;
maharashtra;tamil nadu;telangana;uttar pradesh;west bengal;rajasthan;odisha;assam;manipur;haryana;goa;sindh;
balochistan;europe;asia;africa;north america;south america;latin america;central america;antarctica;oceania;
middle east;mideast;far east;gulf;persian gulf;arctic;sahel;maghreb;levant;eurasia;southeast asia;east asia;
south asia;central asia;eastern europe;western europe;east africa;west africa;horn of africa;sub-saharan africa;
indo-pacific;asia-pacific;caribbean;mediterranean;pacific;atlantic;baltic;black sea;red sea;south china sea;
east china sea;north sea;caspian;sahara;amazon rainforest;himalayas;alps;andes;pyrenees;rockies;everest;nile;danube;
rhine;thames;seine;volga;mekong;ganges;mississippi river;earth;moon;mars;venus;jupiter;saturn;milky way;alabama;
alaska;arizona;arkansas;california;colorado;connecticut;delaware;florida;hawaii;idaho;illinois;indiana;iowa;kansas;
kentucky;louisiana;maine;maryland;massachusetts;michigan;minnesota;mississippi;missouri;montana;nebraska;nevada;
new hampshire;new jersey;new mexico;new york;new york city;nyc;north carolina;north dakota;ohio;oklahoma;oregon;
pennsylvania;rhode island;south carolina;south dakota;tennessee;texas;utah;vermont;virginia;washington;washington dc;
west virginia;wisconsin;wyoming;midwest;new england;silicon valley;bay area;wall street;manhattan;brooklyn;queens;
bronx;staten island;harlem;hollywood;long island;cape cod;alberta;british columbia;manitoba;new brunswick;nova scotia;
ontario;quebec;saskatchewan;newfoundland;yukon;nunavut;new south wales;queensland;tasmania;south australia;
western australia;northern territory;kent;essex;sussex;surrey;devon;cornwall;dorset;somerset;norfolk;suffolk;
yorkshire;lancashire;cumbria;cheshire;derbyshire;merseyside;tyneside;midlands;west midlands;north yorkshire;abu dhabi;
accra;addis ababa;adelaide;albuquerque;aleppo;algiers;amman;amsterdam;anchorage;ankara;antwerp;athens;atlanta;
auckland;austin;baghdad;baku;bali;baltimore;bamako;bangalore;bengaluru;bangkok;barcelona;basel;beijing;beirut;belfast;
belgrade;bergamo;berlin;bern;bethlehem;birmingham;bogota;bogotá;bologna;bombay;bordeaux;boston;brasilia;bratislava;
bremen;brighton;brisbane;bristol;brussels;bucharest;budapest;buenos aires;buffalo;cairo;calcutta;calgary;cambridge;
canberra;cannes;cape town;caracas;cardiff;casablanca;charleston;charlotte;chengdu;chennai;chicago;chongqing;
christchurch;cincinnati;cleveland;cologne;colombo;columbus;copenhagen;coventry;dakar;dallas;damascus;dar es salaam;
davos;delhi;new delhi;denver;des moines;detroit;dhaka;doha;dortmund;dresden;dubai;dublin;durban;düsseldorf;edinburgh;
edmonton;eindhoven;el paso;fallujah;florence;frankfurt;freetown;fukushima;gdansk;geneva;genoa;ghent;glasgow;
gothenburg;guangzhou;guadalajara;hague;haifa;halifax;hamburg;hanoi;hanover;harare;havana;hebron;helsinki;hiroshima;
ho chi minh city;hobart;honolulu;houston;hyderabad;indianapolis;islamabad;istanbul;izmir;jacksonville;jaipur;jakarta;
jeddah;jenin;jerusalem;johannesburg;kabul;kampala;kandahar;kansas city;karachi;kathmandu;kharkiv;khartoum;kherson;
kiev;kyiv;kigali;kingston;kinshasa;kolkata;krakow;kuala lumpur;kunming;kyoto;lagos;lahore;las vegas;lausanne;leeds;
leicester;leipzig;lima;lisbon;liverpool;ljubljana;london;los angeles;louisville;lucknow;lusaka;luxembourg city;lviv;
lyon;madrid;malmo;malmö;managua;manchester;manila;maputo;mariupol;marrakech;marseille;mecca;medellin;melbourne;
memphis;mexico city;miami;milan;milwaukee;minneapolis;minsk;mogadishu;monterrey;montevideo;montreal;moscow;mosul;
mumbai;munich;nairobi;nanjing;naples;nashville;newcastle;new orleans;nice;nottingham;nuremberg;oakland;odesa;odessa;
oklahoma city;omaha;orlando;osaka;oslo;ottawa;oxford;palermo;palo alto;paris;perth;philadelphia;phnom penh;phoenix;
pittsburgh;plymouth;portland;porto;portsmouth;prague;pretoria;pyongyang;quito;rabat;rafah;raleigh;ramallah;rangoon;
yangon;reykjavik;riga;rio;rio de janeiro;riyadh;rome;rotterdam;sacramento;salt lake city;san antonio;san diego;
san francisco;san jose;san juan;sanaa;santiago;santo domingo;são paulo;sao paulo;sapporo;sarajevo;seattle;seoul;
seville;shanghai;sheffield;shenzhen;skopje;sofia;southampton;srebrenica;st louis;st petersburg;stockholm;strasbourg;
stuttgart;sydney;taipei;tallinn;tampa;tashkent;tbilisi;tehran;tel aviv;tijuana;tirana;tokyo;toronto;toulouse;tripoli;
tucson;tulsa;tunis;turin;ulaanbaatar;utrecht;valencia;vancouver;venice;vienna;vilnius;vladivostok;warsaw;wellington;
winnipeg;wuhan;yerevan;yokohama;york;zagreb;zaporizhzhia;zurich;zürich;chernobyl;maui;penang;sabah;sarawak;johor;
selangor;putrajaya;petaling jaya;españa;francia;alemania;italia;inglaterra;estados unidos;eeuu;ee uu;reino unido;
rusia;ucrania;japón;brasil;perú;méxico;américa latina;europa;nueva york;londres;parís;santiago de chile;valparaíso;
viña del mar;concepción;antofagasta;temuco;la araucanía;araucanía;biobío;ñuble;maule;o'higgins;arica;iquique;
puerto montt;deutschland;österreich;schweiz;frankreich;russland;italien;münchen;köln;wien;allemagne;royaume-uni;
états-unis;
"""
_STATE = """
house;un;united nations;eu;european union;european commission;european parliament;european council;nato;who;
world health organization;imf;international monetary fund;world bank;wto;world trade organization;unicef;unesco;unhcr;
unrwa;iaea;ilo;oecd;opec;opec+;asean;african union;arab league;brics;g7;g20;interpol;europol;ecb;
european central bank;fed;federal reserve;us federal reserve;bank of england;bank of japan;boj;people's bank of china;
reserve bank of india;rbi;bundesbank;icc;international criminal court;international court of justice;
european court of human rights;supreme court;us supreme court;high court;court of appeal;constitutional court;
congress;us congress;senate;us senate;house of representatives;house of commons;house of lords;house of keys;
parliament;knesset;bundestag;bundesrat;duma;state duma;lok sabha;rajya sabha;white house;kremlin;downing street;
whitehall;pentagon;us capitol;capitol hill;us house;house gop;house republicans;senate democrats;senate republicans;
fbi;federal bureau of investigation;cia;central intelligence agency;nsa;national security agency;dea;atf;irs;sec;
us securities and exchange commission;securities and exchange commission;ftc;federal trade commission;fcc;
federal communications commission;fda;food and drug administration;us food and drug administration;faa;ntsb;cdc;
centers for disease control and prevention;nih;epa;environmental protection agency;usda;osha;nhtsa;cisa;nist;nasa;
noaa;fema;tsa;dhs;doj;doe;hhs;hud;nlrb;cfpb;fdic;uscis;ice;secret service;coast guard;us army;us navy;us air force;
us marines;us marine corps;space force;national guard;state department;us state department;treasury department;
us treasury;treasury;justice department;us justice department;department of justice;us department of justice;
defense department;department of defense;commerce department;department of homeland security;homeland security;
department of education;department of energy;mi5;mi6;gchq;scotland yard;met police;metropolitan police;met office;nhs;
home office;foreign office;ministry of defence;hmrc;ofcom;ofgem;ofsted;cma;competition and markets authority;
crown prosecution service;cps;office for national statistics;ons;office for budget responsibility;obr;
environment agency;police scotland;scottish government;welsh government;holyrood;senedd;stormont;tory government;
royal navy;royal air force;raf;idf;israel defense forces;israeli defense forces;israeli army;israeli military;mossad;
shin bet;irgc;revolutionary guards;islamic revolutionary guard corps;fsb;gru;roscosmos;isro;jaxa;esa;
european space agency;rcmp;reserve bank of australia;rba;accc;asic;sebi;supreme court of india;
enforcement directorate;cbi;pib;niti aayog;pboc;people's liberation army;pla;politburo;national people's congress;
cia director;moneda;la moneda;gobierno;congreso;senado;cámara de diputadas y diputados;cámara de diputados;
corte suprema;contraloría;fiscalía;carabineros;carabineros de chile;pdi;policía de investigaciones;ministerio público;
minsal;minvu;mop;banco central;servel;tribunal constitucional;ejército;armada;guardia civil;macc;agc;miti;pdrm;
"""
_ORGANISATIONS = """
google;alphabet;microsoft;apple;amazon;amazon web services;aws;meta;meta platforms;facebook;openai;anthropic;deepmind;
google deepmind;nvidia;intel;amd;qualcomm;broadcom;tsmc;samsung;samsung electronics;sony;nintendo;huawei;xiaomi;oppo;
oneplus;lenovo;dell;hp;hewlett packard;ibm;oracle;sap;salesforce;adobe;cisco;vmware;red hat;canonical;mozilla;netflix;
disney;walt disney;warner bros;warner bros discovery;paramount;universal;comcast;nbcuniversal;pixar;marvel studios;
lucasfilm;spotify;uber;lyft;airbnb;booking;doordash;instacart;tesla;spacex;blue origin;boeing;airbus;lockheed martin;
raytheon;rtx;northrop grumman;general dynamics;bae systems;rolls-royce;general motors;gm;ford;stellantis;chrysler;
toyota;honda;nissan;hyundai;kia;volkswagen;vw;audi;bmw;mercedes;mercedes-benz;porsche;ferrari;volvo;renault;peugeot;
rivian;lucid;byd;nio;mazda;subaru;suzuki;maruti suzuki;tata;tata motors;mahindra;reliance;reliance industries;adani;
infosys;wipro;tcs;flipkart;paytm;byju's;zomato;swiggy;ola;alibaba;tencent;baidu;bytedance;jd.com;pinduoduo;didi;
evergrande;country garden;foxconn;softbank;arm;asml;ericsson;nokia;siemens;bosch;basf;bayer;philips;shell;bp;exxon;
exxonmobil;chevron;totalenergies;equinor;gazprom;rosneft;lukoil;aramco;saudi aramco;petrobras;glencore;rio tinto;bhp;
vale;walmart;target;costco;kroger;tesco;sainsbury;sainsbury's;asda;aldi;lidl;ikea;h&m;zara;inditex;nike;adidas;puma;
lvmh;gucci;chanel;unilever;nestle;nestlé;procter & gamble;coca-cola;pepsi;pepsico;starbucks;mcdonald;mcdonald's;
burger king;kfc;pizza hut;jpmorgan;jpmorgan chase;goldman sachs;morgan stanley;bank of america;citigroup;citi;
citibank;wells fargo;hsbc;barclays;lloyds;natwest;santander;ubs;credit suisse;deutsche bank;bnp paribas;
societe generale;blackrock;blackstone;vanguard;fidelity;berkshire hathaway;visa;mastercard;american express;paypal;
stripe;klarna;revolut;monzo;coinbase;binance;ftx;kraken;moody;moody's;fitch;s&p;s&p global;pwc;deloitte;kpmg;ey;
mckinsey;accenture;pfizer;moderna;astrazeneca;gsk;novartis;roche;merck;sanofi;eli lilly;novo nordisk;
johnson & johnson;biontech;cvs;walgreens;verizon;at&t;t-mobile;vodafone;bt;telefonica;orange;activision;
activision blizzard;blizzard;electronic arts;ea;ubisoft;epic games;valve;rockstar;rockstar games;bethesda;capcom;sega;
square enix;konami;bandai namco;cd projekt;github;gitlab;reddit;pinterest;snap;dropbox;cloudflare;crowdstrike;
palantir;okta;mandiant;kaspersky;mcafee;zoominfo;databricks;snowflake;mistral;mistral ai;hugging face;stability ai;
xai;cohere;perplexity;deepseek;figma;canva;shopify;ebay;etsy;temu;shein;wework;theranos;goodyear;caterpillar;
john deere;3m;general electric;ge;united airlines;delta air lines;delta;american airlines;southwest airlines;jetblue;
ryanair;easyjet;lufthansa;air france;klm;emirates;qatar airways;air india;indigo;qantas;british airways;
united auto workers;uaw;sag-aftra;writers guild of america;teamsters;afl-cio;unison;unite;rmt;aslef;
british medical association;bma;hamas;hezbollah;isis;islamic state;al-qaeda;al qaeda;taliban;houthis;houthi;fatah;
palestinian islamic jihad;islamic jihad;plo;boko haram;al-shabaab;wagner;wagner group;azov;pkk;ku klux klan;
proud boys;antifa;black lives matter;extinction rebellion;just stop oil;greenpeace;amnesty international;amnesty;
human rights watch;red cross;red crescent;oxfam;save the children;doctors without borders;médecins sans frontières;
aclu;naacp;aipac;nra;planned parenthood;republican party;gop;republicans;republican;democratic party;democrats;
democrat;democratic;labour;labour party;tories;tory;conservatives;conservative party;conservative;lib dems;
liberal democrats;snp;plaid cymru;dup;sinn féin;sinn fein;reform uk;ukip;green party;greens;cdu;csu;spd;afd;fdp;likud;
bjp;aam aadmi party;aap;bharatiya janata party;chinese communist party;communist party;ccp;kuomintang;law and justice;
fidesz;smer;syriza;podemos;psoe;vox;fratelli d'italia;morena;anc;pakistan muslim league;bbc;bbc news;itv;channel 4;
sky news;sky;cnn;fox news;fox;msnbc;nbc;nbc news;abc;abc news;cbs;cbs news;pbs;npr;reuters;associated press;ap;afp;
agence france-presse;bloomberg;new york times;nyt;washington post;wall street journal;wsj;usa today;los angeles times;
guardian;telegraph;daily telegraph;daily mail;mailonline;mirror;independent;financial times;economist;politico;axios;
vox media;verge;wired;techcrunch;ars technica;engadget;new yorker;atlantic council;al jazeera;times of india;
hindustan times;hindu;ndtv;xinhua;global times;south china morning post;tass;rt;der spiegel;spiegel;le monde;el país;
el pais;getty images;getty;shutterstock;epoch times;onlyfans;new york post;newsweek;forbes;fortune;business insider;
vice;buzzfeed;huffpost;daily wire;breitbart;bernama;fifa;uefa;ioc;icc cricket;bcci;nfl;nba;mlb;nhl;mls;ncaa;ufc;wwe;
f1;premier league;la liga;serie a;bundesliga;champions league;manchester united;man utd;manchester city;man city;
arsenal;chelsea;tottenham;tottenham hotspur;spurs;liverpool fc;everton;aston villa;west ham;crystal palace;brentford;
wolves;celtic;rangers;real madrid;fc barcelona;atletico madrid;juventus;inter milan;ac milan;bayern munich;bayern;
borussia dortmund;psg;paris saint-germain;ajax;dallas cowboys;cowboys;patriots;chiefs;eagles;49ers;packers;steelers;
bears;ravens;bills;bengals;dolphins;jets;giants;lakers;warriors;celtics;knicks;bulls;yankees;red sox;dodgers;astros;
phillies;mets;cubs;braves;diamondbacks;colo colo;universidad de chile;universidad católica;harvard;harvard university;
yale;princeton;stanford;stanford university;mit;columbia university;cornell;berkeley;ucla;oxford university;
cambridge university;university of oxford;university of cambridge;imperial college;imperial college london;caltech;
rand;rand corporation;brookings;heritage foundation;pew;pew research center;gallup;yougov;ipsos;gates foundation;
sequoia;andreessen horowitz;a16z;y combinator;codelco;latam;sqm;banco de chile;cmpc;falabella;rspca;nspcc;aarp;
wikimedia;wikimedia foundation;linux foundation;apache;apache software foundation;python software foundation;
pen america;catholic church;church of england;isaca;ieee;acm;w3c;eff;waymo;cruise;zoox;aurora;argo ai;mobileye;rimac;
polestar;fisker;nikola;lordstown motors;vinfast;cadillac;jaguar land rover;aston martin;mclaren;lamborghini;bentley;
skoda;seat;fiat;alfa romeo;maserati;citroen;vauxhall;opel;continental;zf;denso;panasonic;lg;lg electronics;sk hynix;
micron;western digital;seagate;toshiba;hitachi;sharp;fujitsu;nec;canon;nikon;fujifilm;leica;gopro;garmin;bose;sonos;
jbl;sennheiser;logitech;razer;corsair;asus;acer;msi;gigabyte;nothing;motorola;realme;vivo;honor;zte;tcl;hisense;dyson;
irobot;whirlpool;electrolux;kaiser permanente;cigna;aetna;humana;unitedhealth;anthem;hca healthcare;mayo clinic;
cleveland clinic;live nation;ticketmaster;stubhub;eventbrite;universal music;universal music group;sony music;
warner music;sony pictures;mgm;lionsgate;a24;dreamworks;blumhouse;amc;hbo;showtime;starz;cbc;ctv;global news;
abc australia;seven network;nine network;nine news;news corp;fairfax;le figaro;die zeit;bild;faz;la repubblica;
corriere della sera;el mundo;la nación;clarín;folha;globo;nhk;asahi shimbun;yonhap;straits times;dawn;geo news;
haaretz;jerusalem post;times of israel;al arabiya;kyiv independent;moscow times;meduza;the information;the athletic;
semafor;the intercept;intercept;propublica;mother jones;national review;washington examiner;washington times;
daily caller;newsmax;oan;one america news;rolling stone;variety;hollywood reporter;vogue;vanity fair;new scientist;
scientific american;national geographic;psychology today;time magazine;ign;kotaku;polygon;eurogamer;gizmodo;mashable;
the register;zdnet;pcmag;tom's hardware;android authority;9to5mac;macrumors;phoronix;slashdot;hacker news;
thomson reuters;dow jones & company;nielsen;kantar;bain;bain capital;kkr;carlyle;apollo global management;tpg;temasek;
tiger global;berkshire;citadel;bridgewater;point72;jane street;robinhood;charles schwab;schwab;silicon valley bank;
first republic;signature bank;ing;rabobank;abn amro;nordea;danske bank;intesa sanpaolo;unicredit;bbva;caixabank;
credit agricole;societe générale;axa;allianz;zurich insurance;munich re;swiss re;aviva;prudential;metlife;aig;
state farm;lloyd's of london;nationwide;virgin;virgin media;virgin atlantic;virgin galactic;ee;o2;three;talktalk;
sky sports;espn;bt sport;dazn;premier inn;travelodge;marriott;hilton;hyatt;accor;expedia;tripadvisor;carnival;
royal caribbean;maersk;fedex;ups;dhl;royal mail;usps;amtrak;network rail;lner;great western railway;eurostar;alstom;
bombardier;embraer;spirit aerosystems;pratt & whitney;safran;thales;leonardo;saab;rheinmetall;elbit systems;rafael;
anduril;national grid;edf;engie;e.on;rwe;vattenfall;iberdrola;enel;eni;repsol;orsted;ørsted;vestas;siemens energy;
siemens gamesa;duke energy;pg&e;nextera;centrica;british gas;octopus energy;thames water;halliburton;schlumberger;
conocophillips;occidental;freeport-mcmoran;newmont;barrick;anglo american;arcelormittal;nippon steel;us steel;alcoa;
thyssenkrupp;dupont;dow;monsanto;cargill;bunge;danone;mondelez;mars;kellogg's;general mills;kraft heinz;heineken;
ab inbev;anheuser-busch;diageo;pernod ricard;british american tobacco;philip morris;juul;marks & spencer;m&s;
john lewis;waitrose;morrisons;co-op;iceland foods;next;primark;boots;superdrug;wilko;b&q;best buy;home depot;lowe's;
macy's;nordstrom;gap;levi's;lululemon;under armour;new balance;rolex;tiffany;cartier;hermès;dior;prada;burberry;
versace;balenciaga;sephora;l'oréal;estée lauder;procter and gamble;colgate;kimberly-clark;lego;mattel;hasbro;
harley-davidson;peloton;weightwatchers;icrc;unrwa usa;world central kitchen;islamic relief;world vision;
care international;wwf;world wildlife fund;sierra club;friends of the earth;rspb;national trust;cancer research uk;
british heart foundation;macmillan;stonewall;mermaids;liberty;big brother watch;privacy international;
electronic frontier foundation;anti-defamation league;adl;southern poverty law center;splc;cair;
jewish voice for peace;students for justice in palestine;heritage action;cato institute;american enterprise institute;
council on foreign relations;chatham house;carnegie endowment;institute for fiscal studies;ifs;resolution foundation;
adam smith institute;bellingcat;reporters without borders;committee to protect journalists;freedom house;
transparency international;international olympic committee;fia;atp;wta;pga tour;pga;liv golf;nascar;formula 1;
red bull racing;world rugby;rfu;ecb cricket;icc;afc;concacaf;caf;conmebol;fa;efl;spl;galatasaray;fenerbahce;besiktas;
benfica;sporting;fc porto;napoli;roma;as roma;lazio;atalanta;fiorentina;rb leipzig;bayer leverkusen;
eintracht frankfurt;marseille fc;monaco fc;sevilla;real sociedad;villarreal;girona;newcastle united;
brighton & hove albion;nottingham forest;fulham;luton town;sheffield united;burnley;leeds united;leicester city;
sunderland;hibernian;hearts;boca juniors;river plate;flamengo;inter miami;la galaxy;new york giants;new york jets;
buffalo bills;miami dolphins;new england patriots;kansas city chiefs;philadelphia eagles;san francisco 49ers;
green bay packers;chicago bears;detroit lions;lions;minnesota vikings;vikings;texans;colts;jaguars;titans;broncos;
raiders;chargers;seahawks;rams;cardinals;saints;falcons;panthers;buccaneers;commanders;texas rangers;houston astros;
atlanta braves;los angeles dodgers;new york yankees;boston red sox;baltimore orioles;orioles;golden state warriors;
los angeles lakers;boston celtics;denver nuggets;nuggets;milwaukee bucks;bucks;miami heat;phoenix suns;
dallas mavericks;toronto raptors;raptors;toronto maple leafs;maple leafs;blue jays;rolling stones;beatles;abba;bts;
blackpink;coldplay;u2;metallica;oasis;pink floyd;led zeppelin;foo fighters;green day;radiohead;nato allies;
"""
_PRODUCTS = """
iphone;ipad;ipod;mac;macbook;macbook air;macbook pro;imac;mac mini;apple watch;airpods;vision pro;apple vision pro;
apple tv;apple music;app store;google play;play store;icloud;ios;ipados;macos;watchos;siri;imessage;facetime;android;
pixel;chrome;chromebook;gmail;google maps;google search;google docs;google drive;google photos;google assistant;bard;
gemini;youtube;youtube tv;youtube music;waymo one;chatgpt;gpt-3;gpt-4;gpt-4o;gpt-5;dall-e;sora;codex;claude;
claude code;copilot;github copilot;microsoft copilot;windows;windows 10;windows 11;office 365;microsoft 365;excel;
outlook;teams;azure;xbox;bing;edge;linkedin;instagram;whatsapp;messenger;threads;tiktok;snapchat;twitter;x;telegram;
signal;discord;slack;zoom;twitch;bluesky;mastodon;tumblr;wechat;weibo;douyin;alexa;echo;kindle;fire tv;prime video;
amazon prime;prime day;ring;roku;hulu;disney+;disney plus;hbo max;max;peacock;paramount+;apple tv+;galaxy;galaxy s23;
galaxy s24;playstation;playstation 5;ps4;ps5;nintendo switch;switch;steam;steam deck;meta quest;oculus;llama;llama 2;
midjourney;stable diffusion;linux;ubuntu;debian;fedora;arch linux;linux mint;kde;gnome;firefox;safari;photoshop;
wordpress;drupal;magento;docker;kubernetes;git;python;java;javascript;typescript;rust;golang;postgresql;mysql;sqlite;
redis;mongodb;terraform;react;node.js;django;tensorflow;pytorch;minecraft;fortnite;roblox;call of duty;
grand theft auto;gta;gta v;gta vi;zelda;super mario;pokemon;pokémon;starfield;baldur's gate 3;cyberpunk 2077;
assassin's creed;elder scrolls;fallout;halo;league of legends;overwatch;world of warcraft;diablo;destiny 2;fifa 23;
star wars;star trek;harry potter;game of thrones;house of the dragon;stranger things;squid game;succession;doctor who;
barbie;oppenheimer;avatar;lord of the rings;dancing with the stars;strictly come dancing;love island;bake off;
wikipedia;model s;model 3;model y;cybertruck;f-150;f-150 lightning;mustang;corvette;jeep;ram;starlink;starship;
falcon 9;artemis;orion;hubble;james webb space telescope;voyager;chandrayaan-3;gaganyaan;boeing 737;737 max;f-16;f-35;
himars;patriot missile;iron dome;javelin;atacms;leopard;abrams;ozempic;wegovy;mounjaro;viagra;tylenol;paxlovid;
fentanyl;novichok;xylazine;oxycontin;hs2;qakbot;lockbit;pegasus;log4j;log4shell;moveit;quran;bible;quickbooks;plex;
bitcoin;ethereum;dogecoin;tether;solana;dow jones;nasdaq;ftse 100;ftse;nikkei;sensex;nifty;s&p 500;hang seng;roomba;
fitbit;garmin;gopro;kindle paperwhite;surface pro;surface laptop;thinkpad;xps;galaxy fold;galaxy z flip;galaxy z fold;
galaxy watch;galaxy buds;pixel watch;pixel fold;pixel tablet;google home;nest;homepod;airtag;airtags;airpods pro;
apple pay;google pay;google wallet;apple maps;waze;notion;obsidian;trello;asana;jira;confluence;evernote;grammarly;
duolingo;tinder;bumble;hinge;grindr;strava;calm;headspace;venmo;cash app;zelle;robinhood;onedrive;sharepoint;
powerpoint;microsoft word;microsoft teams;google meet;google chrome;microsoft edge;opera;brave;duckduckgo;vivaldi;vlc;
audacity;gimp;blender;inkscape;obs studio;unity;unreal engine;godot;unreal engine 5;cryengine;nextcloud;
home assistant;raspberry pi;arduino;flipper zero;alan wake 2;spider-man 2;super mario bros wonder;mortal kombat;
street fighter 6;tekken;final fantasy;resident evil;red dead redemption;god of war;the last of us;last of us;
horizon zero dawn;elden ring;dark souls;bloodborne;hogwarts legacy;the witcher;witcher;mass effect;dragon age;skyrim;
half-life;portal;counter-strike;counter-strike 2;dota 2;valorant;apex legends;pubg;candy crush;among us;
animal crossing;metroid;kirby;splatoon;sonic;tetris;pac-man;the simpsons;simpsons;south park;family guy;friends;
seinfeld;breaking bad;better call saul;the crown;ted lasso;the bear;yellowstone;the mandalorian;mandalorian;ahsoka;
loki;andor;the wire;sopranos;the office;saturday night live;snl;jeopardy;wheel of fortune;american idol;the voice;
big brother;survivor;the bachelor;love is blind;the great british bake off;great british bake off;coronation street;
eastenders;emmerdale;hollyoaks;this morning;good morning britain;strictly;newsnight;panorama;60 minutes;
meet the press;top gear;hamilton;killers of the flower moon;the exorcist;the marvels;dune;john wick;
mission impossible;fast x;indiana jones;james bond;the godfather;jaws;titanic;frozen;toy story;shrek;the lion king;
hunger games;the hunger games;twilight;blade runner;the matrix;saw x;scream;halloween kills;napoleon;wonka;
the creator;eras tour;cadillac;escalade;civic;accord;camry;corolla;prius;rav4;silverado;tacoma;wrangler;bronco;
model x;id.4;ioniq 5;ev6;polestar 2;taycan;mini cooper;fiat 500;golf;boeing 787;boeing 747;airbus a380;concorde;
eurofighter;f-35s;f-16s;abrams tanks;bradley;predator;reaper drone;tomahawk;sputnik;soyuz;crew dragon;big mac;whopper;
coke;diet coke;red bull;guinness;botox;xanax;adderall;ritalin;prozac;zoloft;ivermectin;hydroxychloroquine;aspirin;
ibuprofen;paracetamol;insulin;naloxone;narcan;cannabis;marijuana;xrp;litecoin;cardano;shiba inu;usdt;usdc;
"""
_TECHNOLOGIES = """
ai;a.i.;artificial intelligence;generative ai;machine learning;deep learning;large language model;
large language models;llm;llms;neural network;neural networks;facial recognition;natural language processing;
computer vision;reinforcement learning;blockchain;cryptocurrency;cryptocurrencies;web3;metaverse;virtual reality;
augmented reality;5g;6g;wi-fi;wifi;wi-fi 6;wi-fi 7;bluetooth;usb-c;nfc;gps;rfid;quantum computing;quantum computer;
quantum computers;cloud computing;edge computing;internet;internet of things;iot;open source;encryption;
end-to-end encryption;ransomware;malware;phishing;deepfake;deepfakes;crispr;gene editing;mrna;stem cells;
nuclear fusion;nuclear power;solar power;wind power;geothermal energy;carbon capture;green hydrogen;
hydrogen fuel cells;lithium-ion batteries;solid-state batteries;heat pumps;electric vehicle;electric vehicles;evs;
self-driving cars;autonomous vehicles;robotaxi;robotaxis;3d printing;semiconductors;robotics;biometrics;algorithm;
algorithms;chatbot;chatbots;digital twin;digital twins;ram memory;ssd;oled;gpu;gpus;cpu;api;apis;dns;http;https;html;
css;sql;vpn;vpns;ssl;tls;risc-v;x86;webassembly;passkeys;inteligencia artificial;drones;driverless cars;
self-driving car;autonomous driving;autonomous vehicle;solar panels;wind turbines;wind farms;heat pump;
nuclear reactor;nuclear reactors;small modular reactors;hydrogen;electric cars;electric car;hybrid cars;batteries;
lithium;chips;microchips;processors;smartphones;smart glasses;smartwatch;wearables;social media;search engine;
search engines;streaming;operating system;web browser;open-source software;spyware;botnet;zero-day;
two-factor authentication;multi-factor authentication;facial-recognition;voice recognition;speech recognition;
text-to-image;text-to-speech;image generators;ai model;ai models;ai chatbot;ai chatbots;supercomputer;supercomputers;
data center;data centers;data centre;data centres;fiber optic;broadband;satellite internet;satellites;telescope;laser;
lidar;radar;mri;gene therapy;mrna vaccines;mrna vaccine;vaccines;stem cell;dna sequencing;genome sequencing;cloning;
desalination;direct air capture;geoengineering;ray tracing;haptics;gaming pc;containers;microservices;serverless;
firmware;
"""
_LAWS = """
first amendment;second amendment;fourth amendment;fifth amendment;fourteenth amendment;14th amendment;constitution;
us constitution;bill of rights;gdpr;general data protection regulation;dma;dsa;ai act;hipaa;dmca;nafta;usmca;
obamacare;medicaid;medicare;brexit deal;section 230;section 702;title ix;jones act;magna carta;sharia;kyoto protocol;
paris agreement;paris climate agreement;geneva conventions;geneva convention;vienna convention;oslo accords;
abraham accords;belfast agreement;good friday agreement;good friday accord;minsk agreements;jcpoa;iran nuclear deal;
start treaty;new start;treaty of lisbon;lisbon treaty;maastricht treaty;treaty of versailles;un charter;
windsor framework;northern ireland protocol;roe v wade;patriot act;inflation reduction act;chips act;constitución;
"""
_CONCEPTS = """
climate change;global warming;climate crisis;net zero;carbon neutrality;renewable energy;biodiversity;deforestation;
inflation;recession;gdp;interest rates;unemployment;cost of living;cost of living crisis;austerity;free speech;
freedom of speech;freedom of expression;press freedom;human rights;civil rights;rule of law;democracy;capitalism;
socialism;communism;marxism;liberalism;neoliberalism;populism;fascism;nationalism;christian nationalism;zionism;
racism;sexism;feminism;antisemitism;anti-semitism;islamophobia;transphobia;homophobia;white supremacy;
critical race theory;diversity, equity and inclusion;dei;esg;affirmative action;abortion;abortion rights;gun control;
gun violence;mental health;public health;universal basic income;privacy;net neutrality;disinformation;misinformation;
terrorism;genocide;war crimes;ethnic cleansing;apartheid;colonialism;globalisation;globalization;immigration;brexit;
bidenomics;reaganomics;thatcherism;trumpism;christianity;islam;judaism;hinduism;buddhism;catholicism;catholic;covid;
covid-19;coronavirus;covid pandemic;long covid;pandemic;cancer;diabetes;alzheimer;alzheimer's;parkinson;dementia;
autism;adhd;hiv;aids;ebola;malaria;influenza;mpox;polio;rsv;sepsis;obesity;big bang;dark matter;dark energy;
general relativity;black hole;black holes;quantum mechanics;evolution;dst;daylight saving time;american dream;
cold war;holocaust;nakba;arab spring;metoo;cambio climático;
"""
_IDEAS = """
poverty;homelessness;corruption;sustainability;gender equality;equality;hate speech;gun rights;national security;
monetary policy;fiscal policy;free trade;trade war;tariffs;economic growth;supply chain;supply chains;housing crisis;
energy crisis;energy transition;migration;illegal immigration;asylum;citizenship;secularism;extremism;radicalisation;
radicalization;authoritarianism;totalitarianism;imperialism;conservatism;libertarianism;environmentalism;globalism;
patriotism;multiculturalism;same-sex marriage;gay marriage;gender identity;transgender rights;women's rights;
lgbtq rights;animal rights;workers' rights;reproductive rights;voting rights;death penalty;capital punishment;
domestic violence;sexual assault;sexual harassment;human trafficking;modern slavery;slavery;cyberbullying;
cybersecurity;data protection;surveillance;censorship;copyright;intellectual property;antitrust;deflation;stagflation;
bankruptcy;quantitative easing;gross domestic product;food security;food insecurity;famine;malnutrition;addiction;
depression;anxiety;menopause;fertility;infertility;long-term care;universal healthcare;vaccination;herd immunity;
antibiotic resistance;air pollution;plastic pollution;pollution;ocean acidification;extinction;rewilding;
circular economy;carbon emissions;greenhouse gas emissions;greenhouse gases;two-state solution;self-determination;
sovereignty;international law;humanitarian law;collective punishment;ceasefire;nuclear deterrence;
nuclear proliferation;arms control;separation of powers;due process;artificial general intelligence;remote work;
working from home;work-life balance;gig economy;nostalgia;masculinity;parenthood;motherhood;ageing;grief;astrology;
philosophy;mindfulness;spirituality;atheism;feng shui;el niño;el nino;relativity;string theory;natural selection;
"""

_ALIASES = """
us=united states;usa=united states;united states of america=united states;uk=united kingdom;
great britain=united kingdom;eu=european union;un=united nations;uae=united arab emirates;nyc=new york city;
fbi=federal bureau of investigation;cia=central intelligence agency;irs=internal revenue service;
who=world health organization;world health organisation=world health organization;imf=international monetary fund;
wto=world trade organization;ecb=european central bank;icc=international criminal court;fed=federal reserve;
us federal reserve=federal reserve;us senate=senate;us congress=congress;us treasury=treasury department;
us supreme court=supreme court;nhs=national health service;fcc=federal communications commission;
ftc=federal trade commission;fda=food and drug administration;
us food and drug administration=food and drug administration;
idf=israel defense forces;israeli defense forces=israel defense forces;isis=islamic state;gop=republican party;
artificial intelligence=ai;facebook inc=facebook;eeuu=estados unidos;ee uu=estados unidos;estados unidos=united states;
covid=covid-19;coronavirus=covid-19;llm=large language model;llms=large language model;
large language models=large language model;
"""


def _entries(names: str) -> frozenset[str]:
    """Folded names of one list."""
    return frozenset(key(name) for name in names.replace("\n", "").split(";") if name)


@lru_cache(maxsize=1)
def kinds() -> dict[str, str]:
    """Kind by folded name. Where a name stands in two lists, the one that comes first here has it."""
    found: dict[str, str] = {}
    for kind, names in (
        ("place", _PLACES),
        ("state body", _STATE),
        ("organisation", _ORGANISATIONS),
        ("product", _PRODUCTS),
        ("technology", _TECHNOLOGIES),
        ("law", _LAWS),
        ("concept", _CONCEPTS + _IDEAS),
    ):
        for name in _entries(names):
            found.setdefault(name, kind)
    return found


@lru_cache(maxsize=1)
def aliases() -> dict[str, str]:
    """Folded name -> the folded name of the same thing that stands for both, for a few that everybody shortens."""
    pairs = [entry.split("=") for entry in _ALIASES.replace("\n", "").split(";") if entry]
    found = {key(one): key(other) for one, other in pairs}
    return {one: found.get(other, other) for one, other in found.items()}


# Words that in small letters mostly mean something else.
_NEVER_SMALL = frozenset("lithium hydrogen chips batteries streaming laser https radar processors".split())


@lru_cache(maxsize=1)
def terms() -> tuple[str, ...]:
    """Technologies, and concepts of two words or more, that count in small letters, too; longest first."""
    several = {name for name in _entries(_TECHNOLOGIES) if len(name) > 4} - _NEVER_SMALL
    several |= {name for name in _entries(_CONCEPTS) if " " in name}
    return tuple(sorted(several, key=lambda name: (-len(name), name)))
