package people_test

import (
	"strconv"
	"testing"

	"keypull/pull/people"
)

func TestFiltersAreFewAndReplacedByName(t *testing.T) {
	var p people.Person
	save := func(f people.Filter) error {
		next, err := p.SaveFilter(f)
		p = next
		return err
	}
	for n := range people.MaxFilters {
		if err := save(people.Filter{ID: strconv.Itoa(n), Publisher: "lecker", Page: "keywords", Query: "q=a", Name: "f" + strconv.Itoa(n)}); err != nil {
			t.Fatal(err)
		}
	}
	if err := save(people.Filter{ID: "more", Publisher: "lecker", Page: "keywords", Query: "q=b", Name: "one more"}); len(people.Refused(err)) != 1 || len(p.Filters) != people.MaxFilters {
		t.Errorf("one more is %v, of %d", err, len(p.Filters))
	}
	if err := save(people.Filter{ID: "again", Publisher: "lecker", Page: "keywords", Query: "q=b", Name: "f7"}); err != nil || len(p.Filters) != people.MaxFilters {
		t.Errorf("in the place of another it is %v, of %d", err, len(p.Filters))
	}
	if _, was := p.DropFilter("7"); was {
		t.Error("what was replaced is still there")
	}
	next, was := p.DropFilter("again")
	if !was || len(next.Filters) != people.MaxFilters-1 || len(p.Filters) != people.MaxFilters {
		t.Errorf("dropping leaves %d, and %d before", len(next.Filters), len(p.Filters))
	}
}
