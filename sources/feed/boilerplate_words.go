package feed

import (
	"regexp"
	"slices"
	"strings"
)

// readOnWords are the words by which a language sends its readers on: one of the
// first at least, and beside them none but of both.
type readOnWords struct{ core, beside string }

// isOnly reports whether words are of this list alone, with one of core at least.
func (l readOnWords) isOnly(words []string) bool {
	found := false
	for _, word := range words {
		core := slices.Contains(strings.Fields(l.core), word)
		if !core && !slices.Contains(strings.Fields(l.beside), word) {
			return false
		}
		found = found || core
	}
	return found
}

func readOn() []readOnWords {
	return []readOnWords{
		{"read more reading continue full rest", "the this on here click to see view learn keep story article post entry text of whole complete now it all about find out and at"},
		{"weiterlesen weiter lesen mehr ganzen vollständigen", "den der die das hier zum zur dem artikel beitrag bericht text auf jetzt erfahren dazu im in rezept ganze vollständige"},
		{"lire suite plus continuer savoir lecture l'intégralité", "la le l l'article article en sur cet ici de du à intégral complet billet texte voir ce"},
		{"leer más leyendo seguir continuar sigue", "el la artículo completo nota aquí todo entrada ver noticia texto"},
		{"leggi leggere continua tutto altro", "a di più l l'articolo articolo il la lettura qui su"},
		{"leia ler lendo mais continue continuar", "o a artigo completo aqui tudo texto post notícia"},
		{"lees verder meer verderlezen", "lezen het dit artikel hier bericht volledige over"},
		{"czytaj więcej dalej", "cały artykuł wpis tutaj"},
		{"läs mer läsa", "hela artikeln här inlägget vidare"},
		{"læs les mere mer videre", "hele artiklen artikkelen her indlægget innlegget"},
		{"читать далее дальше подробнее полностью", "статью запись здесь"},
	}
}

// credit finds the sentences of that kind in texts without links, by the
// title between the words that publishing systems come with.
var credit = regexp.MustCompile(`(?i)^(?:` +
	`the (?:post|article) (.+) (?:appeared first on|first appeared on|was first published on) .+|` +
	`(?:der|dieser) (?:beitrag|artikel) (.+) (?:erschien zuerst auf|ist zuerst erschienen auf) .+|` +
	`(?:l['’]article|cet article|la publication) (.+) est apparue? en premier sur .+|` +
	`(?:la entrada|el artículo) (.+) (?:se publicó primero en|apareció primero en|aparece primero en) .+|` +
	`l['’]articolo (.+) (?:sembra essere il primo su|proviene da) .+|` +
	`(?:o post|o artigo|a postagem|o conteúdo) (.+) (?:apareceu primeiro em|aparece primeiro em|aparece em primeiro) .+|` +
	`het (?:bericht|artikel) (.+) verscheen eerst op .+` +
	`)$`)
