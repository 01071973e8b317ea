package main

import (
	"bytes"
	"reflect"
	"testing"
	"time"

	"keypull/web/console"
)

// filled sets everything in v to something.
func filled(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("something")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(7)
	case reflect.Uint64:
		v.SetUint(7)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		filled(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		filled(v.Index(0))
	case reflect.Map:
		key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		filled(key)
		filled(value)
		v.Set(reflect.MakeMap(v.Type()))
		v.SetMapIndex(key, value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(time.Unix(1_800_000_000, 0)))
			return
		}
		for i := range v.NumField() {
			filled(v.Field(i))
		}
	}
}

// TestTheTextTellsAllThatIsHeld gives a document one field after the other, as the JSON has
// them.
func TestTheTextTellsAllThatIsHeld(t *testing.T) {
	t.Parallel()
	told := func(h console.ReaderHeld) string {
		var out bytes.Buffer
		if err := tellReader(&out, console.ReaderShown{Held: h}, func(id string) string { return id }); err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	held := reflect.TypeFor[console.ReaderHeld]()
	for i := range held.NumField() {
		var h console.ReaderHeld
		filled(reflect.ValueOf(&h).Elem().Field(i))
		if told(h) == told(console.ReaderHeld{}) {
			t.Errorf("the text does not tell %s", held.Field(i).Name)
		}
	}
	listed := told(console.ReaderHeld{Saved: []console.ReaderPull{{Keyword: "hours", List: "monday"}}})
	if !bytes.Contains([]byte(listed), []byte("monday: hours")) {
		t.Errorf("no list is named in %s", listed)
	}
}
