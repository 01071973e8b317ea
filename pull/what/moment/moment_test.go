package moment_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"keypull/pull/what/moment"
)

// friday is a Friday morning in Paris.
func friday(t testing.TB) time.Time {
	return time.Date(2026, time.November, 20, 10, 0, 0, 0, zone(t, "Europe/Paris"))
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	z, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return z
}

// said is what a message came to: the moment, and the rest.
func said(m moment.Moment, ok bool) string {
	switch {
	case !ok:
		return "- | -"
	case m.Recurs:
		return "again | " + m.Rest
	}
	return m.At.Format("02 15:04") + " | " + m.Rest
}

func TestStrangersSayWhen(t *testing.T) {
	text, err := os.ReadFile("testdata/strangers.txt")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		f := strings.Split(strings.TrimSpace(line), " | ")
		language, want, message := f[0], f[1]+" | "+f[2], f[3]
		if got := said(moment.Read(message, friday(t), language)); got != want {
			t.Errorf("%s: %q is %q, want %q", language, message, got, want)
		}
	}
}

// TestWhoAsksInALanguageMeansItsShortWords has messages of readers whose language nobody knows.
func TestWhoAsksInALanguageMeansItsShortWords(t *testing.T) {
	for message, want := range map[string]string{
		"ingatkan saya besok jam 11 news": "21 11:00 | news", "przypomnij mi jutro o 8 news": "21 08:00 | news",
		"erinnere mich morgen um 7 an news": "21 07:00 | news", "recuérdame mañana a las 10 news": "21 10:00 | news",
		"wipro segunda às 12h": "23 12:00 | wipro", "news en dos horas": "20 12:00 | news", "wipro w poniedziałek o 8": "23 08:00 | wipro", "wipro um 11": "- | -",
	} {
		if got := said(moment.Read(message, friday(t))); got != want {
			t.Errorf("%q is %q, want %s", message, got, want)
		}
	}
}

func TestOnlyAClockOrATimeToWaitIsAMoment(t *testing.T) {
	for _, message := range []string{
		"", "news", "weather tomorrow", "weather on saturday", "news 2026", "news 24.12.", "top 10", "9 lives", "score 3:2", "192.168.9.10", "call 0900 123456", "iso 9001:2015",
		"news 25:00", "news 9:75", "bank holds its rate at 4.25% after a vote", "coffee at £4.20", "tickets at 5 € each", "wipro at 9 %", "2 hours of sleep", "recipe in 20 steps", "version 9.30", strings.Repeat("news at 9 ", 90), "\xff at 9", "in 99999999999999999999 minutes news",
	} {
		if m, ok := moment.Read(message, friday(t), "en"); ok {
			t.Errorf("%q is %s", message, said(m, ok))
		}
	}
}

func TestAMomentSaysWhatStoodThere(t *testing.T) {
	for message, want := range map[string]moment.Moment{
		"flight 9:30":                         {Bare: true, Rest: "flight"},
		"flight at 9:30":                      {Language: "en", Rest: "flight"},
		"flight tomorrow 9:30":                {Language: "en", Rest: "flight"},
		"remind me at 9: flight!":             {Language: "en", Rest: "flight"},
		"flight every day":                    {Language: "en", Recurs: true, Rest: "flight"},
		"remind me of the flight on saturday": {Language: "en", Rest: "flight"},
		"at 9":                                {Language: "en"},
		"at 9 $TSLA":                          {Language: "en", Rest: "TSLA"},
		"Wetter Berlin, um 9":                 {Language: "de", Rest: "Wetter Berlin"},
	} {
		got, ok := moment.Read(message, friday(t), "en", "de")
		if got.At = (time.Time{}); !ok || got != want {
			t.Errorf("%q is %+v, %v; want %+v", message, got, ok, want)
		}
	}
}

func TestWhatComesEachWeekIsFirstOnItsDay(t *testing.T) {
	for message, want := range map[string]string{"news every monday at 9": "23 09:00", "every sunday at 9 news": "22 09:00", "every friday news at 9": "27 09:00"} {
		if m, ok := moment.Read(message, friday(t), "en"); !ok || !m.Recurs || m.At.Format("02 15:04") != want {
			t.Errorf("%q is %+v, want %s", message, m, want)
		}
	}
}

// The word for a day tells the language, whose short words then count.
func TestALanguageIsKnownByItsDays(t *testing.T) {
	for _, message := range []string{"news amanhã às 8h", "news amanhã às 8", "news morgen om 8 uur", "news besok jam 8", "news jutro o 8", "news mañana a las 8", "news domani alle 8"} {
		if got := said(moment.Read(message, friday(t), "en", "fr", "de")); got != "21 08:00 | news" {
			t.Errorf("%q is %q", message, got)
		}
	}
}

func TestADayAloneCountsWhereItIsAskedFor(t *testing.T) {
	for message, rest := range map[string]string{
		"news in 3 days": "news", "am freitag news": "news", "wetter in zwei wochen": "wetter", "news tomorrow evening": "news", "weather tomorrow evening munich": "weather munich", "wetter am sonntag früh in ulm": "wetter in ulm", "wetter sonntag münchen": "", "news": "", "in the kitchen": "", "3 days of rain": "",
	} {
		m, ok := moment.ReadDay(message, friday(t), "en", "de")
		if m.Rest != rest || ok != (rest != "") || ok && !m.Vague {
			t.Errorf("%q is %+v, %v", message, m, ok)
		}
	}
}

func TestAClockThatHasPassedIsTheNextDays(t *testing.T) {
	for message, want := range map[string]string{
		"news at 10:01": "20 10:01", "news at 10:00": "21 10:00", "news at 9": "21 09:00", "news friday 9:00": "27 09:00", "news friday 11:00": "20 11:00",
		"news saturday 9:00": "21 09:00", "news today 9:00": "20 09:00", "news at midnight": "21 00:00", "news 12 pm": "20 12:00", "news 12 am": "21 00:00",
		"news 24.12. 9:00": "24 09:00", "news dec 24 at 9": "24 09:00", "news in 3 days at 9": "23 09:00", "news ٩:٣٠ pm": "20 21:30", "news ９：３０ pm": "20 21:30",
	} {
		if got := said(moment.Read(message, friday(t), "en")); got != want+" | news" {
			t.Errorf("%q is %q, want %s", message, got, want)
		}
	}
}

func TestClocksThatAreSkippedOrComeTwice(t *testing.T) {
	for _, c := range []struct{ place, day, message, want string }{
		{"Europe/Paris", "2027-03-27", "news tomorrow 2:30", "2027-03-28T03:00:00+02:00"},
		{"Europe/Paris", "2027-03-27", "news tomorrow 3:00", "2027-03-28T03:00:00+02:00"},
		{"Europe/Paris", "2027-03-27", "news tomorrow 1:59", "2027-03-28T01:59:00+01:00"},
		{"Europe/Paris", "2027-10-30", "news tomorrow 2:30", "2027-10-31T02:30:00+02:00"},
		{"Europe/Paris", "2027-10-30", "news tomorrow 3:00", "2027-10-31T03:00:00+01:00"},
		{"Europe/Paris", "2027-10-30", "news tomorrow 9:00", "2027-10-31T09:00:00+01:00"},
		{"America/Santiago", "2027-09-04", "news tomorrow 0:30", "2027-09-05T01:00:00-03:00"},
		{"America/Santiago", "2027-04-03", "news today 23:30", "2027-04-03T23:30:00-03:00"},
		{"Australia/Lord_Howe", "2027-10-02", "news tomorrow 2:15", "2027-10-03T02:30:00+11:00"},
		{"Australia/Lord_Howe", "2027-04-03", "news tomorrow 1:45", "2027-04-04T01:45:00+11:00"},
		{"Asia/Kolkata", "2027-04-03", "news tomorrow 9:00", "2027-04-04T09:00:00+05:30"},
	} {
		place := zone(t, c.place)
		day, err := time.ParseInLocation(time.DateOnly, c.day, place)
		if err != nil {
			t.Fatal(err)
		}
		m, ok := moment.Read(c.message, day.Add(12*time.Hour), "en")
		if got := m.At.Format(time.RFC3339); !ok || got != c.want {
			t.Errorf("%s on %s: %q is %s, want %s", c.place, c.day, c.message, got, c.want)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, message := range []string{"tiramisu sat 9:00", "um halb neun", "à 9h30", "明天9点新闻", "every day", "mich ... erinnern", "9'da", "\xff9:00", "٩:٣٠", "in 2 hours 3 minutes", "24.12. 9:00"} {
		f.Add(message, "de")
	}
	now := friday(f)
	f.Fuzz(func(t *testing.T, message, language string) {
		for _, read := range []func(string, time.Time, ...string) (moment.Moment, bool){moment.Read, moment.ReadDay} {
			m, ok := read(message, now, language)
			switch {
			case !ok && m != (moment.Moment{}):
				t.Errorf("%q is no moment, and %+v", message, m)
			case ok && m.At.IsZero() && !m.Recurs:
				t.Errorf("%q has no moment: %+v", message, m)
			case ok && len(m.Rest) > len(message):
				t.Errorf("the rest of %q is %q", message, m.Rest)
			}
		}
	})
}
