// Package packed holds files as they are sent: compressed once, and told apart
// by a hash of what is in them.
package packed

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Gzip is how small files are encoded.
const Gzip = "gzip"

// File is a file as it is sent.
type File struct {
	// Kind is its media type, Tag the hash of its content.
	Kind, Tag string
	Plain     []byte
	// small is nil where compression saves nothing.
	small []byte
}

// New packs a text.
func New(kind string, text []byte) File {
	sum := sha256.Sum256(text)
	return File{Kind: kind, Tag: hex.EncodeToString(sum[:6]), Plain: text, small: compressed(text)}
}

// compressed returns nil where compression saves nothing.
func compressed(text []byte) []byte {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return nil
	}
	if _, err := w.Write(text); err != nil {
		return nil
	}
	if err := w.Close(); err != nil || b.Len() >= len(text) {
		return nil
	}
	return b.Bytes()
}

// Form is what one client gets of a file.
type Form struct {
	Body []byte
	// Encoding is Gzip, or "" where the body is plain.
	Encoding string
	// ETag names this form of the file, in its quotes.
	ETag string
	// Known says that the client has this form: 304, without the body.
	Known bool
}

// For returns what a client gets that takes these encodings and has the forms
// with these tags: the values of Accept-Encoding and of If-None-Match. Who
// answers with it says Vary: Accept-Encoding.
func (f File) For(encodings, tags []string) Form {
	form := Form{Body: f.Plain, ETag: `"` + f.Tag + `"`}
	if f.small != nil && takesGzip(encodings) {
		form = Form{Body: f.small, Encoding: Gzip, ETag: `"` + f.Tag + `-gz"`}
	}
	if form.Known = namesTag(tags, form.ETag); form.Known {
		form.Body, form.Encoding = nil, ""
	}
	return form
}

// takesGzip reads Accept-Encoding; q=0 refuses.
func takesGzip(headers []string) bool {
	for part := range strings.SplitSeq(strings.Join(headers, ","), ",") {
		name, params, _ := strings.Cut(part, ";")
		if name = strings.ToLower(strings.TrimSpace(name)); name != Gzip && name != "*" {
			continue
		}
		q, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		weight, err := strconv.ParseFloat(q, 64)
		return !found || err == nil && weight > 0
	}
	return false
}

func namesTag(headers []string, tag string) bool {
	given := strings.Split(strings.Join(headers, ","), ",")
	return slices.ContainsFunc(given, func(one string) bool {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		return one == tag || one == "*"
	})
}
