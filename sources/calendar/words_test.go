package calendar_test

import (
	"testing"

	"keypull/sources/calendar"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, calendar.Kind, "weekday_")
}

func TestItsOwnComplaintsAreTranslated(t *testing.T) {
	sourcetest.Complaints(t, calendar.Kind, map[string]sourcetest.Complaint{
		"nothing at all":           {Want: []string{"url: Geben Sie eine Adresse, eine Datei oder hours an."}},
		"hours that are none":      {Values: map[string]any{"hours": []any{"mon 9-17"}}, Want: []string{"hours: „9“ ist keine Uhrzeit; schreiben Sie sie wie 09:15"}},
		"free times without hours": {Values: map[string]any{"url": "https://example.org/a.ics", "slots": "30m"}, Want: []string{"hours: slots liegen innerhalb der Öffnungszeiten: Geben Sie diese an."}},
	})
}
