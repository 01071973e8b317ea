package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// maxDepth bounds how deep JSON may be nested.
const maxDepth = 64

// errDepth says that it is nested too deep, errTwice that an object has a name
// twice, of which one would be dropped in silence.
var (
	errDepth = errors.New("the JSON is nested too deep")
	errTwice = errors.New("the JSON has a name twice in one object")
	errText  = errors.New("the body is not UTF-8")
	errMore  = errors.New("something follows the JSON value")
)

// parseJSON reads exactly one JSON value: objects as map[string]any, lists as
// []any, numbers as they were written.
func parseJSON(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errText
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := decodeValue(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errMore
	}
	return v, nil
}

func decodeValue(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("the JSON can't be read: %w", describeEOF(err))
	}
	open, ok := token.(json.Delim)
	switch {
	case !ok:
		return token, nil
	case depth == 0:
		return nil, errDepth
	case open == '{':
		return decodeObject(d, depth-1)
	}
	list := []any{}
	for d.More() {
		v, err := decodeValue(d, depth-1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, decodeEnd(d)
}

func decodeObject(d *json.Decoder, depth int) (any, error) {
	all := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("the JSON can't be read: %w", describeEOF(err))
		}
		name, _ := token.(string)
		if _, twice := all[name]; twice {
			return nil, errTwice
		}
		if all[name], err = decodeValue(d, depth); err != nil {
			return nil, err
		}
	}
	return all, decodeEnd(d)
}

// decodeEnd reads the end of an object or list.
func decodeEnd(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("the JSON can't be read: %w", describeEOF(err))
	}
	return nil
}

func describeEOF(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it ends too early")
	}
	return err
}
