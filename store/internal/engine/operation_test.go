package engine_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"keypull/store/internal/engine"
)

// operationForms are operations as they stand in a log.
var operationForms = map[string]struct {
	record string
	want   []string // kind, bucket, key, value, number, whether it is indexed
}{
	"names and keys in full": {
		"\x01\x02kv\x01k\x03val" + "\x03\x02kv\x07" + "\x02\x06q:asks\x08\x00\x00\x00\x00\x00\x00\x00\x05",
		[]string{"1 kv 6b val 0 false", "3 kv   7 false", "2 q:asks 0000000000000005  0 false"},
	},
	"names by their places, keys as numbers": {
		"\x09\x01k\x03val" + "\x1c\x05\x03val" + "\x15\x81\x01\x00" + "\x16\x05" + "\x23\x09" + "\x05\x07log:own\x02\x01v",
		[]string{
			"1 kv 6b val 0 false", "1 log:asks 0000000000000005 val 0 true", "1 q:asks 0000000000000081  0 false",
			"2 q:asks 0000000000000005  0 false", "3 log:sends   9 false", "1 log:own 0000000000000002 v 0 false",
		},
	},
}

func TestTheFormOfOperationsStays(t *testing.T) {
	t.Parallel()
	for name, c := range operationForms {
		got, err := engine.Operations([]byte(c.record))
		if diff := cmp.Diff(c.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	for name, record := range map[string]string{
		"half of a value": "\x01\x02kv\x01k\x09val", "a kind that is none": "\x0f\x01k", "a place that is none": "\xf9\x01k\x00", "no number": "\x15",
	} {
		if _, err := engine.Operations([]byte(record)); err == nil {
			t.Errorf("%s is read", name)
		}
	}
}

func FuzzOperations(f *testing.F) {
	for _, c := range operationForms {
		f.Add([]byte(c.record))
	}
	f.Fuzz(func(_ *testing.T, b []byte) { _, _ = engine.Operations(b) })
}
