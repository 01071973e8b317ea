package when

import (
	"strconv"
	"strings"
)

// wordsIn returns the words of a language, regions aside, or the English
// ones.
func wordsIn(language string) *wording {
	base, _, _ := strings.Cut(strings.ReplaceAll(language, "_", "-"), "-")
	switch strings.ToLower(base) {
	case "fr":
		return &french
	case "de":
		return &german
	default:
		return &english
	}
}

var english = wording{
	seenToday: "first seen at %s", seenDay: "first seen %s",
	today: "as of %s", day: "as of %s", clock: "%s", stale: "not current: ",
	closed: "closed: ", opens: "; opens again %s",
	seconds: "%d s ago", minutes: "%d min ago",
	in: "in %d min", from: "from %s on",
	date: "%s %s", nth: strconv.Itoa,
	months: [12]string{
		"Jan", "Feb", "Mar", "Apr", "May", "Jun",
		"Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
	},
}

var french = wording{
	seenToday: "vu pour la première fois à %s", seenDay: "vu pour la première fois le %s",
	today: "état à %s", day: "état au %s", clock: "%s", stale: "pas à jour\u00a0: ",
	closed: "fermé\u00a0: ", opens: "\u00a0; rouvre %s",
	seconds: "il y a %d s", minutes: "il y a %d min",
	in: "dans %d min", from: "à partir de %s",
	date: "%s %s", nth: premier,
	months: [12]string{
		"janv.", "févr.", "mars", "avr.", "mai", "juin",
		"juil.", "août", "sept.", "oct.", "nov.", "déc.",
	},
}

var german = wording{
	seenToday: "zuerst gesehen: %s", seenDay: "zuerst gesehen: %s",
	today: "Stand %s", day: "Stand %s", clock: "%s Uhr", stale: "nicht aktuell: ",
	closed: "geschlossen: ", opens: "; öffnet wieder %s",
	seconds: "vor %d s", minutes: "vor %d Min.",
	in: "in %d Min.", from: "ab %s",
	date: "%s. %s", nth: strconv.Itoa,
	months: [12]string{
		"Jan.", "Feb.", "März", "Apr.", "Mai", "Juni",
		"Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez.",
	},
}

// premier writes a day as French does: only the first has an ordinal.
func premier(day int) string {
	if day == 1 {
		return "1er"
	}
	return strconv.Itoa(day)
}
