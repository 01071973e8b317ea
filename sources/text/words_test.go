package text_test

import (
	"testing"

	"keypull/sources/sourcetest"
	"keypull/sources/text"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, text.Kind, "starter.")
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	sourcetest.Complaints(t, text.Kind, map[string]sourcetest.Complaint{
		"an end before the beginning": {Values: map[string]any{"answers": []any{map[string]any{
			"text": "x", "from": "2026-12-24T18:00:00Z", "until": "2026-12-01T18:00:00Z",
		}}}, Want: []string{"answers[0].until: Diese Antwort endet, bevor sie beginnt; legen Sie answers.until hinter answers.from."}},
	})
}
