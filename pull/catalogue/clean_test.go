package catalogue_test

import (
	"strconv"
	"strings"
	"testing"

	"keypull/pull/catalogue"
	"keypull/pull/what"
)

// ordinary is a catalogue as a newspaper may have it: the phrases of each
// keyword in three languages.
//
//nolint:misspell // French
const ordinary = `
weather, forecast | météo, prévisions | wetter, wettervorhersage
news, headlines | actualités, les titres | nachrichten, schlagzeilen
traffic, road works | circulation, bouchons | verkehr, baustellen
pollen count | pollens | pollenflug
tide times | horaires des marées | gezeiten
lottery numbers | résultats du loto | lottozahlen
horoscope | horoscope du jour | horoskop
crossword | mots croisés | kreuzworträtsel
sudoku | grille de sudoku | sudoku
obituaries | avis de décès | todesanzeigen
cinema, films showing | cinéma | kino, kinoprogramm
theatre | théâtre | theater, spielplan
concerts | concerts | konzerte
museum | musées | museen
television, what's on | programme télé | fernsehprogramm
football, league table | football, classement | fußball, tabelle
rugby | rugby | rugby
tennis | tennis | tennis
cycling | cyclisme | radsport
ski report, snow depth | enneigement | schneehöhen
marathon | marathon | marathonlauf
exchange rate | taux de change | wechselkurs
share price, quote | cours de bourse | aktienkurs
gold price | prix de l'or | goldpreis
petrol prices | prix de l'essence | benzinpreise
mortgage rates | taux immobilier | bauzinsen
inflation | inflation | teuerung
job offers | offres d'emploi | stellenangebote
flats to rent | locations | mietwohnungen
pharmacy, night chemist | pharmacie de garde | apotheke, notdienst
hospital | hôpital | krankenhaus
blood donation | don du sang | blutspende
school holidays | vacances scolaires | schulferien
canteen | cantine | mensa
library | bibliothèque | stadtbücherei
swimming pool | piscine | freibad, hallenbad
market days | jours de marché | wochenmarkt
rubbish collection | ordures ménagères | müllabfuhr
recycling centre | déchetterie | wertstoffhof
town hall | mairie | rathaus
elections | élections | wahlen
parliament | assemblée nationale | bundestag
recipe, dinner idea | recette | rezept
chocolate cake | gâteau au chocolat | schokoladenkuchen
apple tart | tarte aux pommes | apfelkuchen
pancakes | crêpes | pfannkuchen
wine advice | accords mets et vins | weinempfehlung
gardening tips | jardinage | gartentipps
moon phase | phases de la lune | mondphase
sunrise | lever du soleil | sonnenaufgang
earthquake | séisme | erdbeben
flood warning | crues | hochwasser
fire ban | risque d'incendie | waldbrandgefahr
air quality | qualité de l'air | luftqualität
train delays | trains, retards | zugverspätungen
ferries | traversées | fähren
airport | aéroport | flughafen
parking | stationnement | parkhäuser
speed cameras | radars | blitzer
joke | blague | witz
quotation | citation | zitat
letters to the editor | courrier des lecteurs | leserbriefe
`

// newspaper reads ordinary.
func newspaper() catalogue.Publisher {
	p := catalogue.Publisher{Languages: []string{"en", "fr", "de"}}
	for line := range strings.Lines(strings.TrimSpace(ordinary)) {
		k := catalogue.Keyword{ID: "k" + strconv.Itoa(len(p.Keywords)), Phrases: map[string][]string{}}
		for i, phrases := range strings.Split(line, "|") {
			for phrase := range strings.SplitSeq(phrases, ",") {
				k.Phrases[p.Languages[i]] = append(k.Phrases[p.Languages[i]], strings.TrimSpace(phrase))
			}
		}
		p.Keywords = append(p.Keywords, k)
	}
	return p
}

func TestAnOrdinaryCatalogueHasNoFindings(t *testing.T) {
	p := newspaper()
	if len(p.Keywords) < 60 {
		t.Fatalf("only %d keywords", len(p.Keywords))
	}
	for _, f := range catalogue.Check(p, func(string) catalogue.About { return catalogue.About{Terms: tickers} }) {
		t.Errorf("%s %s: %s", f.Path, f.Code, f.Message)
	}
	for id, found := range catalogue.NewLinter(p).Findings() {
		t.Errorf("%s: %v", id, brief(found))
	}
}

func TestEveryPhraseOfAnOrdinaryCatalogueRunsItsKeyword(t *testing.T) {
	p := newspaper()
	ix := indexOf(p.Keywords)
	for _, k := range p.Keywords {
		for language, phrases := range k.Phrases {
			for _, phrase := range phrases {
				if m := ix.Match(phrase, language); m.Decision != what.Run || m.Candidates[0].Keyword != k.ID {
					t.Errorf("%q (%s) of %s gives %+v", phrase, language, k.ID, m)
				}
			}
		}
	}
}
