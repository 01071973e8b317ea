package messengers_test

import (
	"testing"

	"keypull/web/messengers"
)

func TestANumberIsOneInEverySpelling(t *testing.T) {
	for _, tt := range []struct{ typed, country, want string }{
		{"+254711000111", "", "+254711000111"},
		{"+254 711 000 111", "KE", "+254711000111"},
		{"0711000111", "KE", "+254711000111"},
		{"254711000111", "KE", "+254711000111"},
		{"00254711000111", "KE", "+254711000111"},
		{"254711000111", "", "+254711000111"},
		{"+49 (0)170 123-45.67", "", "+491701234567"},
		{"0170/1234567", "de", "+491701234567"},
		{"tel:+33612345678", "", "+33612345678"},
		{"06 12 34 56 78", "FR", "+33612345678"},
		{"(415) 555-0100", "US", "+14155550100"},
		{"1 415 555 0100", "US", "+14155550100"},
		{"011 44 20 7946 0000", "US", "+442079460000"},
		{"8 912 345 67 89", "RU", "+79123456789"},
		{"02 1234 5678", "IT", "+390212345678"},
		{"612345678", "ES", "+34612345678"},
		{"+336001", "", "+336001"},
		{"00336001", "", "+336001"},
		{"0711000111", "", ""}, {"", "", ""}, {"+", "", ""}, {"+0123", "", ""}, {"12", "", ""}, {"News", "", ""},
		{"+1234567890123456", "", ""}, {"+49170x", "", ""}, {"١٢٣", "", ""},
	} {
		if got, ok := messengers.Phone(tt.typed, tt.country); got != tt.want || ok != (tt.want != "") {
			t.Errorf("%q of %q is %q, %v; want %q", tt.typed, tt.country, got, ok, tt.want)
		}
	}
}

func TestANumberTellsWhereItIsDialled(t *testing.T) {
	for number, want := range map[string]string{"+33612345678": "FR", "+254711000111": "KE", "+14155550100": "AG", "+390212345678": "IT", "36123": "", "": "", "+999": ""} {
		if got := messengers.CountryOf(number); got != want {
			t.Errorf("%q is of %q, want %q", number, got, want)
		}
	}
}
