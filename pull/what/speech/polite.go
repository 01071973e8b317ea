package speech

import (
	"strings"
	"sync"

	"keypull/pull/what/textform"
)

// IsPolite covers words of politeness and emoji.
func IsPolite(form string) bool {
	if politeWords()[form] {
		return true
	}
	return textform.StartsWithEmoji(form)
}

// maxPolite is the most words of one form of politeness.
const maxPolite = 3

// WithoutPoliteness returns a normal form without the words of politeness and the emoji
// at its ends, which may leave nothing.
func WithoutPoliteness(normal string) string {
	for {
		rest := cutFront(cutBack(normal))
		if rest == normal {
			return rest
		}
		normal = rest
	}
}

func cutFront(s string) string {
	end := 0
	for range maxPolite {
		i := strings.IndexByte(s[end:], ' ')
		if i < 0 {
			if IsPolite(s) {
				return ""
			}
			return s
		}
		end += i
		if IsPolite(s[:end]) {
			return s[end+1:]
		}
		end++
	}
	return s
}

func cutBack(s string) string {
	start := len(s)
	for range maxPolite {
		i := strings.LastIndexByte(s[:start], ' ')
		if i < 0 {
			if IsPolite(s) {
				return ""
			}
			return s
		}
		if IsPolite(s[i+1:]) {
			return s[:i]
		}
		start = i
	}
	return s
}

// politeWords is a set of normal forms, folded ones among them.
var politeWords = sync.OnceValue(func() map[string]bool { return set(politeTexts) })

func set(texts string) map[string]bool {
	s := map[string]bool{}
	for text := range strings.SplitSeq(texts, "|") {
		normal := textform.Normal(text)
		s[normal] = true
		s[textform.FoldNormal(normal)] = true
	}
	return s
}

// politeTexts are words of politeness, which change no message's meaning.
const politeTexts = "please|pls|plz|kindly|thanks|thank you|thx|ty|" +
	"s'il vous plaît|s'il te plaît|svp|stp|merci|bitte|bitte schön|danke|danke schön|por favor|porfa|gracias|per favore|per piacere|grazie|" +
	"se faz favor|obrigado|obrigada|alsjeblieft|alstublieft|aub|bedankt|dank je|dank u|proszę|dzięki|dziękuję|tack|snälla|tak|takk|vær så snill|" +
	"kiitos|prosím|děkuji|kérem|köszönöm|te rog|vă rog|mulțumesc|lütfen|teşekkürler|παρακαλώ|ευχαριστώ|пожалуйста|плиз|спасибо|будь ласка|дякую|" +
	"من فضلك|لو سمحت|شكرا|בבקשה|תודה|कृपया|धन्यवाद|お願いします|ください|부탁해요|부탁합니다|제발|谢谢|謝謝|请|請|ครับ|ค่ะ|คะ|หน่อย|làm ơn|cảm ơn|nhé|tolong|terima kasih"
