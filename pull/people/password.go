package people

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// Limits of a password, in characters.
const (
	MinPassword = 10
	MaxPassword = 256
)

// CheckPassword refuses, of the field "password", what is too short or among
// the first guesses. email is whose password it shall be. Nothing is asked of
// digits, capitals and signs, which make a password hard to remember rather
// than hard to guess.
func CheckPassword(password, email string) error {
	const field = "password"
	if !utf8.ValidString(password) {
		return newRefusal(field, "password_text")
	}
	if len(password) > maxPasswordBytes {
		return newRefusal(field, "password_long", "max", strconv.Itoa(MaxPassword))
	}
	password = normalPassword(password)
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return newRefusal(field, "password_short", "min", strconv.Itoa(MinPassword), "got", strconv.Itoa(n))
	case n > MaxPassword:
		return newRefusal(field, "password_long", "max", strconv.Itoa(MaxPassword))
	}
	folded := NormalEmail(password)
	email = NormalEmail(email)
	local, _, _ := strings.Cut(email, "@")
	if folded == email || folded == local {
		return newRefusal(field, "password_email")
	}
	if slices.Contains(common, folded) {
		return newRefusal(field, "password_common")
	}
	return nil
}

// maxPasswordBytes is what MaxPassword characters need at most, with as many
// again for accents that are written as characters of their own.
const maxPasswordBytes = 2 * MaxPassword * utf8.UTFMax

// normalPassword makes one of the ways in which keyboards write the same
// accent.
func normalPassword(password string) string { return norm.NFKC.String(password) }

// common are the passwords of enough length that lead the lists of stolen
// ones, in the languages of the console, in small letters.
var common = []string{
	"0000000000", "0123456789", "0987654321", "1111111111", "1122334455",
	"12345678900", "1234567890", "12345678910", "123456789a", "123456789q",
	"1234567891", "1029384756", "123123123123", "1234512345", "1234123412",
	"147258369a", "1q2w3e4r5t", "1q2w3e4r5t6y", "1qaz2wsx3edc", "9876543210",
	"987654321a", "aaaaaaaaaa", "abcdefghij", "abc123456789", "abcd123456",
	"administrator", "admin12345", "admin123456", "asdfghjkl1", "asdfghjkl;",
	"azertyuiop", "azerty12345", "azerty123456", "bonjour123", "changeme123",
	"doudou1234", "fussball123", "football123", "hallo12345", "hallo123456",
	"iloveyou12", "iloveyou123", "jetaime123", "keypull123", "letmein123",
	"marseille13", "motdepasse", "motdepasse1", "motdepasse123", "nicolas123",
	"p@ssw0rd123", "passw0rd123", "password00", "password01", "password10",
	"password11", "password12", "password123", "password1234", "password12345",
	"passwort12", "passwort123", "passwort1234", "q1w2e3r4t5", "q1w2e3r4t5y6",
	"qazwsxedcr", "qwerasdfzxcv", "qwerty1234", "qwerty12345", "qwerty123456",
	"qwertyuiop", "qwertyuiop1", "qwertyuiop123", "qwertz12345", "qwertz123456",
	"qwertzuiop", "redaktion1", "redaction1", "schalke041904", "sommer2024",
	"sommer2025", "sommer2026", "soleil1234", "sunshine12", "sunshine123",
	"superman123", "test123456", "testtest123", "welcome123", "welcome1234",
	"willkommen", "willkommen1", "zaq12wsxcde",
}
