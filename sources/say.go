package sources

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"keypull/pull"
)

// Base returns a language tag's primary language in small letters, if replies
// are worded in it, else "en".
func Base(tag string) string {
	base, _, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(tag), "_", "-"), "-")
	switch base {
	case "fr", "de":
		return base
	}
	return "en"
}

// Skew is how far ahead another clock may be without being wrong.
const Skew = 2 * time.Minute

// Moment words a time in the voice's language and zone: earlier today as such,
// else with the date. What is still to come always has its date, also today.
func Moment(t time.Time, v pull.Voice) string {
	if v.Zone != nil {
		t = t.In(v.Zone)
		v.At = v.At.In(v.Zone)
	}
	clock := t.Format("15:04")
	today := t.Year() == v.At.Year() && t.YearDay() == v.At.YearDay() && !t.After(v.At.Add(Skew))
	switch language := Base(v.Language); {
	case language == "fr" && today:
		return "aujourd’hui à " + clock
	case language == "de" && today:
		return "heute, " + clock + " Uhr"
	case today:
		return "today, " + clock
	case language == "fr":
		return Day(t, v) + " à " + clock
	case language == "de":
		return Day(t, v) + ", " + clock + " Uhr"
	default:
		return Day(t, v) + ", " + clock
	}
}

// FirstSeen words when a piece was first seen, in place of a time of
// publication that nobody knows.
func FirstSeen(t time.Time, v pull.Voice) string {
	moment := Moment(t, v)
	switch Base(v.Language) {
	case "fr":
		if moment[0] <= '9' {
			moment = "le " + moment
		}
		return "vu pour la première fois " + moment
	case "de":
		return "zuerst gesehen: " + moment
	}
	return "first seen " + moment
}

// Day words the date of t in the voice's language.
func Day(t time.Time, v pull.Voice) string {
	switch Base(v.Language) {
	case "fr":
		day := strconv.Itoa(t.Day())
		if t.Day() == 1 {
			day = "1er"
		}
		return fmt.Sprintf("%s %s %d", day, monthsFr()[t.Month()-1], t.Year())
	case "de":
		return fmt.Sprintf("%d. %s %d", t.Day(), monthsDe()[t.Month()-1], t.Year())
	}
	return fmt.Sprintf("%d %s %d", t.Day(), t.Month(), t.Year())
}

func monthsFr() [12]string {
	return [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}
}

func monthsDe() [12]string {
	return [12]string{"Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember"}
}
