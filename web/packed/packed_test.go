package packed_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"strings"
	"testing"

	"keypull/web/packed"
)

func TestAFileIsSentInTheFormThatTheClientTakes(t *testing.T) {
	text := strings.Repeat("many words ", 100)
	f := packed.New("text/plain", []byte(text))
	for _, tt := range []struct {
		name            string
		encodings, tags []string
		encoding        string
		known           bool
	}{
		{name: "nothing said"},
		{name: "gzip", encodings: []string{"gzip"}, encoding: packed.Gzip},
		{name: "gzip among others", encodings: []string{"br", "Deflate, GZIP;q=0.5"}, encoding: packed.Gzip},
		{name: "anything", encodings: []string{"*"}, encoding: packed.Gzip},
		{name: "gzip refused", encodings: []string{"gzip;q=0, br"}},
		{name: "brotli alone", encodings: []string{"br"}},
		{name: "known as it is", tags: []string{`"` + f.Tag + `"`}, known: true},
		{name: "known in its small form", encodings: []string{"gzip"}, tags: []string{`"x", W/"` + f.Tag + `-gz"`}, known: true},
		{name: "known in the other form", encodings: []string{"gzip"}, tags: []string{`"` + f.Tag + `"`}, encoding: packed.Gzip},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got := f.For(tt.encodings, tt.tags)
			if got.Encoding != tt.encoding || got.Known != tt.known || got.ETag == "" {
				t.Fatalf("got %q of %q, known %t", got.Encoding, got.ETag, got.Known)
			}
			if tt.known {
				if got.Body != nil {
					t.Errorf("%d bytes are sent again", len(got.Body))
				}
				return
			}
			if plain := unpacked(t, got); plain != text {
				t.Errorf("got %q", plain)
			}
		})
	}
}

func unpacked(t *testing.T, f packed.Form) string {
	t.Helper()
	if f.Encoding == "" {
		return string(f.Body)
	}
	r, err := gzip.NewReader(bytes.NewReader(f.Body))
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestWhatCompressionDoesNotSaveIsSentAsItIs(t *testing.T) {
	if got := packed.New("text/plain", []byte("ab")).For([]string{"gzip"}, nil); got.Encoding != "" || string(got.Body) != "ab" {
		t.Errorf("got %q as %q", got.Body, got.Encoding)
	}
}
