package sources_test

import (
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/outside"
	"keypull/sources"
)

func TestAConfirmedSnapshotIsRenewedByWhatTheAnswerSays(t *testing.T) {
	then := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	now := then.Add(time.Hour)
	last := pull.Snapshot{Fetched: then, Expires: then.Add(time.Minute), Validators: pull.Validators{ETag: `"1"`, LastModified: "then"}}
	for name, c := range map[string]struct {
		answer  outside.Response
		last    pull.Snapshot
		expires time.Time
		etag    string
	}{
		"nothing said again":           {outside.Response{Fetched: now}, last, now.Add(time.Minute), `"1"`},
		"another lifetime":             {outside.Response{Fetched: now, Expires: now.Add(time.Hour)}, last, now.Add(time.Hour), `"1"`},
		"no lifetime any more":         {outside.Response{Fetched: now, Expires: now}, last, now, `"1"`},
		"another validator":            {outside.Response{Fetched: now, ETag: `"2"`}, last, now.Add(time.Minute), `"2"`},
		"nothing was ever said":        {outside.Response{Fetched: now}, pull.Snapshot{Fetched: then}, time.Time{}, ""},
		"a confirmation from a cache":  {outside.Response{Fetched: now.Add(-time.Minute)}, last, now, `"1"`},
		"what was stale stays as such": {outside.Response{Fetched: now}, pull.Snapshot{Fetched: then, Expires: then}, now, ""},
	} {
		s := sources.Renew(c.last, c.answer)
		if !s.Unchanged || !s.Fetched.Equal(c.answer.Fetched) || !s.Expires.Equal(c.expires) || s.Validators.ETag != c.etag {
			t.Errorf("%s: %+v", name, s)
		}
	}
}
