package sourcetest_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/what"
	"keypull/sources/sourcetest"
)

func TestFixedBringsWhatItWasGiven(t *testing.T) {
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	f := &sourcetest.Fixed{
		Items: []what.Item{{ID: "a", Title: "Apple pie"}, {ID: "b", Title: "Bread"}},
		Clock: func() time.Time { return now },
	}
	s, err := f.Fetch(t.Context(), "fixed", nil)
	if err != nil || len(s.Items) != 2 || !s.Fetched.Equal(now) || f.Fetches() != 1 {
		t.Fatalf("%+v after %d fetches, %v", s, f.Fetches(), err)
	}
	for argument, want := range map[string]string{"bread": "b", "": "a"} {
		found, err := f.Select(t.Context(), s, pull.Query{Argument: argument, Count: 1})
		if err != nil || len(found.Items) != 1 || found.Items[0].ID != want {
			t.Errorf("%q finds %v, %v", argument, found, err)
		}
	}
}

func TestFixedByArgumentHasAKeyPerItem(t *testing.T) {
	f := &sourcetest.Fixed{Items: []what.Item{{ID: "a"}, {ID: "b"}}, ByArgument: true}
	key, err := f.Key(pull.Query{Argument: "b"})
	if err != nil {
		t.Fatal(err)
	}
	s, err := f.Fetch(t.Context(), key, nil)
	if err != nil || len(s.Items) != 1 || s.Items[0].ID != "b" {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := f.Key(pull.Query{}); pull.KindOf(err) != pull.Invalid {
		t.Errorf("without an argument: %v", err)
	}
}

func TestFixedFailsWhenTold(t *testing.T) {
	down := errors.New("down")
	f := &sourcetest.Fixed{}
	f.Turn(down)
	if _, err := f.Fetch(t.Context(), "fixed", nil); !errors.Is(err, down) {
		t.Errorf("the error is %v", err)
	}
	f.Turn(nil, what.Item{ID: "a"})
	if s, err := f.Fetch(t.Context(), "fixed", nil); err != nil || len(s.Items) != 1 {
		t.Errorf("%+v, %v", s, err)
	}
	f.Before = func(context.Context, string) error { return down }
	if _, err := f.Fetch(t.Context(), "fixed", nil); !errors.Is(err, down) {
		t.Errorf("the error is %v", err)
	}
}
