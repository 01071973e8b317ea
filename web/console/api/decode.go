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

// parse reads exactly one JSON value: objects as map[string]any, lists as
// []any, numbers as they were written.
func parse(body []byte) (any, error) {
	if !utf8.Valid(body) {
		return nil, errText
	}
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	v, err := value(d, maxDepth)
	if err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errMore
	}
	return v, nil
}

func value(d *json.Decoder, depth int) (any, error) {
	token, err := d.Token()
	if err != nil {
		return nil, fmt.Errorf("the JSON can't be read: %w", unended(err))
	}
	open, ok := token.(json.Delim)
	switch {
	case !ok:
		return token, nil
	case depth == 0:
		return nil, errDepth
	case open == '{':
		return object(d, depth-1)
	}
	list := []any{}
	for d.More() {
		v, err := value(d, depth-1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	return list, closed(d)
}

func object(d *json.Decoder, depth int) (any, error) {
	all := map[string]any{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, fmt.Errorf("the JSON can't be read: %w", unended(err))
		}
		name, _ := token.(string)
		if _, twice := all[name]; twice {
			return nil, errTwice
		}
		if all[name], err = value(d, depth); err != nil {
			return nil, err
		}
	}
	return all, closed(d)
}

// closed reads the end of an object or list.
func closed(d *json.Decoder) error {
	if _, err := d.Token(); err != nil {
		return fmt.Errorf("the JSON can't be read: %w", unended(err))
	}
	return nil
}

func unended(err error) error {
	if errors.Is(err, io.EOF) {
		return errors.New("it ends too early")
	}
	return err
}
