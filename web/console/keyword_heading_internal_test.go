package console

import (
	"testing"

	"keypull/pull/settings"
)

func TestNoLabelOfTheConsoleMeansTwoColumns(t *testing.T) {
	fields, err := keywordFields()
	if err != nil {
		t.Fatal(err)
	}
	means := map[string]settings.Field{}
	for _, l := range newHeadings(fields, nil).labels {
		if other, ok := means[l.label]; ok && other.Name != l.field.Name {
			t.Errorf("%q is %s and %s", l.label, other.Name, l.field.Name)
		}
		means[l.label] = l.field
	}
	if len(means) < 60 {
		t.Errorf("only %d labels are known", len(means))
	}
}
