package passage

import (
	"testing"
	"time"
)

// TestWhatAsksForAPriceAndWhatTellsOne reads questions and texts in several languages.
func TestWhatAsksForAPriceAndWhatTellsOne(t *testing.T) {
	for _, c := range []struct {
		language, text string
		asks           bool
	}{
		{"en", "what does a locker cost", true}, {"en", "how long is the film", false},
		{"de", "was kostet ein ausweis", true}, {"de", "wann öffnet das bad", false},
		{"sv", "vad kostar det att bada", true}, {"sv", "när stänger ni", false},
		{"pt", "quanto custa o cartão", true}, {"nl", "wat kost een dagkaart", true}, {"fr", "combien coûte la pièce", true},
	} {
		if q := Parse(c.text, time.Time{}, []string{c.language}); q.AsksPrice() != c.asks {
			t.Errorf("%s: %q asks for a price: %v", c.language, c.text, q.AsksPrice())
		}
	}
	for _, c := range []struct {
		language, text string
		tells          bool
	}{
		{"en", "Adults £4.50", true}, {"en", "Open until 16.30", false}, {"de", "Jahresausweis Erwachsene\n24,00 €", true},
		{"de", "Montag\n9.00 bis 17.00 Uhr", false}, {"sv", "Vuxen\n75 kr", true}, {"sv", "Lördag 09.00–17.00", false},
		{"pt", "Bilhetes 5 €.", true}, {"nl", "Tweede vergunning € 132,00 per jaar", true},
	} {
		if TellsPrice(c.text, []string{c.language}) != c.tells {
			t.Errorf("%s: %q tells a price: %v", c.language, c.text, !c.tells)
		}
	}
}
