package jsonpath

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"keypull/pull"
	"keypull/pull/words"
	"keypull/sources"
)

// Limits of one document: a value that takes two bytes in it takes a hundred in
// memory.
const (
	maxValues = 200_000
	maxDepth  = 64
)

// Document is a JSON document, or a part of one: its values with all their digits,
// and the same once more with numbers that can be compared.
type Document struct {
	Exact, comparable any
	// Guessed names an encoding that nothing told.
	Guessed string
}

// Decode reads one document, with numbers to compare where a path does. The error is
// about the field "url" of the operation.
func Decode(op string, body []byte, e sources.Encoded, comparing bool) (Document, error) {
	body, guessed := e.UTF8(body)
	if TooMuch(body) {
		return Document{}, &pull.Error{Kind: pull.Unusable, Op: op, Field: "url", Hint: words.Text{Key: "source.json_many"}}
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	d := Document{Guessed: guessed}
	err := decoder.Decode(&d.Exact)
	if err == nil {
		if _, more := decoder.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("there is more behind its end")
		}
	}
	if err != nil {
		return Document{}, sources.WrongFormatError(op, "url", "JSON", body, err)
	}
	if d.comparable = d.Exact; comparing {
		d.comparable = comparableCopy(d.Exact)
	}
	return d, nil
}

// Members returns the entries of a list; what is none is one entry.
func (d Document) Members() []Document {
	list, ok := d.Exact.([]any)
	if !ok {
		return []Document{d}
	}
	shadow, _ := d.comparable.([]any)
	all := make([]Document, len(list))
	for i, entry := range list {
		if all[i] = (Document{Exact: entry, comparable: entry}); i < len(shadow) {
			all[i].comparable = shadow[i]
		}
	}
	return all
}

// TooMuch reports whether a document holds more values than are read, or is
// nested deeper; what stands in its texts does not count.
func TooMuch(body []byte) bool {
	containers, values, depth := sources.JSONSize(body)
	return containers+values > maxValues || depth > maxDepth
}

// comparableCopy returns a copy of a value whose numbers can be compared.
func comparableCopy(v any) any {
	switch v := v.(type) {
	case map[string]any:
		m := make(map[string]any, len(v))
		for name, member := range v {
			m[name] = comparableCopy(member)
		}
		return m
	case []any:
		all := make([]any, len(v))
		for i, entry := range v {
			all[i] = comparableCopy(entry)
		}
		return all
	case json.Number:
		if n, err := v.Int64(); err == nil {
			return n
		}
		if f, err := v.Float64(); err == nil {
			return f
		}
		return v.String()
	}
	return v
}
