package store_test

import (
	"errors"
	"strings"
	"testing"

	"keypull/store"
)

func TestKeysAreSegmentsJoinedByPoints(t *testing.T) {
	for key, fine := range map[string]bool{
		"a": true, "a.b": true, "A-_9.z": true, strings.Repeat("k", 256): true,
		"": false, ".": false, ".a": false, "a.": false, "a..b": false, "a b": false, "ä": false, "a\n": false,
		strings.Repeat("k", 257): false,
	} {
		if err := store.CheckKey(key); errors.Is(err, store.ErrKey) == fine || (err == nil) != fine {
			t.Errorf("%q: error %v, want fine %v", key, err, fine)
		}
	}
}

func TestNamesOfQueuesAndLogsAreShortAndPlain(t *testing.T) {
	for name, fine := range map[string]bool{
		"a": true, "inbox-2": true, strings.Repeat("n", 32): true,
		"": false, "A": false, "a.b": false, "a_b": false, strings.Repeat("n", 33): false,
	} {
		if err := store.CheckName(name); errors.Is(err, store.ErrKey) == fine || (err == nil) != fine {
			t.Errorf("%q: error %v, want fine %v", name, err, fine)
		}
	}
}

func FuzzCheckKey(f *testing.F) {
	for _, key := range []string{"", "a.b", "a..b", "ä"} {
		f.Add(key)
	}
	f.Fuzz(func(t *testing.T, key string) {
		if store.CheckKey(key) != nil {
			return
		}
		for _, segment := range strings.Split(key, ".") {
			if segment == "" || strings.Trim(segment, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
				t.Errorf("%q has the segment %q", key, segment)
			}
		}
	})
}
