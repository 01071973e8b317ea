package console_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"keypull/pull"
	"keypull/pull/journal"
	"keypull/pull/people"
	"keypull/pull/pipeline"
	"keypull/pull/who"
	"keypull/pull/words"
	"keypull/web/console"
	"keypull/web/console/consoletest"
	"keypull/web/messengers"
)

// heldOne is what is held of one reader.
type heldOne struct {
	key     who.Key
	reader  who.Reader
	records []pipeline.Record
	// alike are keys of others.
	alike []who.Key
}

func (h *heldOne) Reader(_ context.Context, key who.Key) (who.Reader, uint64, error) {
	if key != h.key {
		return who.Reader{}, 0, nil
	}
	return h.reader, 7, nil
}

func (h *heldOne) ReadersNamed(_ context.Context, publisher, begins string, most int) (keys []who.Key, _ error) {
	for _, key := range append(h.alike, h.key) {
		if strings.HasPrefix(string(key), publisher+"."+begins) && len(keys) < most {
			keys = append(keys, key)
		}
	}
	return keys, nil
}

func (h *heldOne) Records(_ context.Context, _ who.Key, f func(pipeline.Record, pipeline.Fate) error) error {
	for _, r := range h.records {
		if err := f(r, pipeline.Sent); err != nil {
			return err
		}
	}
	return nil
}

func (*heldOne) OfReader(_ context.Context, _ string, key who.Key, f func(pipeline.DeadLetter, pull.Ask) error) error {
	return f(pipeline.DeadLetter{Ask: 4, Reader: key, At: noon(), Since: noon().Add(time.Hour), Why: words.Verbatim("The platform was away."), Text: "Tiramisu: 45 minutes"},
		pull.Ask{ID: 4, Incoming: pull.Incoming{Text: "tiramisu please", Address: "4711"}})
}

// Waiting returns the last ask whose reply has not left.
func (h *heldOne) Waiting(context.Context, who.Key) ([]pull.Entry, error) {
	var last uint64
	if n := len(h.reader.Unsent); n > 0 {
		last = h.reader.Unsent[n-1]
	}
	return []pull.Entry{{Ask: pull.Ask{ID: last, At: noon(), Incoming: pull.Incoming{Text: "tiramisu", Address: "4711"}}}}, nil
}

// pageBoy is a messenger that knows ids by their last three letters, and keeps
// something of its readers.
type pageBoy struct {
	messengers.Messenger
	forgot []string
}

func (*pageBoy) Limits() messengers.Limits { return messengers.Limits{} }

func (*pageBoy) Identify(typed string) (string, bool) {
	if len(typed) < 3 {
		return "", false
	}
	return typed[len(typed)-3:], true
}

func (p *pageBoy) Forget(id string) { p.forgot = append(p.forgot, id) }

func holding(t *testing.T) (*console.Console, *heldOne, *pageBoy, *[]people.Act) {
	t.Helper()
	const key = "lecker.abcdefghijklmnopqrstuvwxyz"
	held, boy := &heldOne{key: key}, &pageBoy{}
	channels, acts := &messengers.Channels{}, &[]people.Act{}
	channels.Set("lecker", []*messengers.Channel{messengers.NewChannel("lecker", "web", "pager", boy)})
	c := console.New(console.Options{Acts: noting{acts}, Clock: noon}, console.ReaderRights{
		Catalogue: newMemory(lecker()), Channels: channels, Held: held, Clock: noon,
		Pseudonym: func(publisher, channel, reader string) who.Key {
			if publisher+channel+reader == "leckerweb123" {
				return key
			}
			return who.Key(publisher + ".other")
		},
		Change: func(_ context.Context, key who.Key, f func(who.Reader) who.Reader) error {
			if key == held.key {
				f(held.reader) // as where somebody else writes first
				held.reader = f(held.reader)
			}
			return nil
		},
		Forget: func(_ context.Context, _ string, key who.Key) error {
			if key != held.key {
				return &pull.Error{Kind: pull.Unknown, Op: "erase", Hint: words.Verbatim("its own words")}
			}
			held.key = ""
			return nil
		},
	}.Operations()...)
	return c, held, boy, acts
}

type noting struct{ acts *[]people.Act }

func (n noting) Append(_ context.Context, a people.Act) error {
	*n.acts = append(*n.acts, a)
	return nil
}

func askRights[Out any](t *testing.T, c *console.Console, name, id string) (Out, error) {
	t.Helper()
	return consoletest.Call[object, Out](console.WithCaller(t.Context(), console.Operator()), c, name, object{"publisher": "lecker", "channel": "web", "id": id})
}

func TestAReaderIsFoundByWhateverNamesThem(t *testing.T) {
	c, held, _, acts := holding(t)
	held.records = []pipeline.Record{{Trace: journal.Trace{At: noon()}}, {Trace: journal.Trace{At: noon().Add(-time.Hour)}}}
	code := held.key.Code()
	for _, id := range []string{"123", " 0049 170 123\n", "lecker.abcdefghijklmnopqrstuvwxyz", code, " " + strings.ToLower(strings.ReplaceAll(code, "-", "")), "abcde-fghij-klmno-pqrst-uvwxy-z"} {
		shown, err := askRights[console.ReaderShown](t, c, "reader.show", id)
		if err != nil || shown.Code != code || shown.Records != 2 || !shown.Since.Equal(noon().Add(-time.Hour)) {
			t.Errorf("%q: %+v, %v", id, shown, err)
		}
	}
	marks := map[string]bool{}
	for _, a := range *acts {
		marks[a.Target] = true
		if b, err := json.Marshal(a); err != nil || strings.Contains(string(b), "123") && !strings.Contains(a.Target, "123") || strings.Contains(string(b), "abcdefghij") {
			t.Errorf("the act names the reader: %s, %v", b, err)
		}
	}
	if len(marks) != 1 {
		t.Errorf("one reader has the marks %v", marks)
	}
	for id, want := range map[string]pull.ErrorKind{
		"999": pull.Unknown, "12": pull.Unknown, "": pull.Invalid, "  ": pull.Invalid, strings.Repeat("1", 201): pull.Invalid,
		"kiosk.abcdefghijklmnopqrstuvwxyz": pull.Unknown, "bbcde-fghij-klmno-pqrst-uvwxy-z": pull.Unknown, code[:10] + "0": pull.Unknown, who.Key("lecker.bcdefghij").Code(): pull.Unknown,
	} {
		if _, err := askRights[console.ReaderShown](t, c, "reader.show", id); console.KindOf(err) != want || id != "" && strings.Contains(fmt.Sprint(err), id) {
			t.Errorf("%.30q: %v, want %s", id, err, want)
		}
	}
}

// A code that two readers have names neither.
func TestACodeOfTwoReadersIsRefused(t *testing.T) {
	c, held, _, _ := holding(t)
	held.alike = []who.Key{"lecker.abcdefghiaaaaaaaaaaaaaaaaa"}
	if _, err := askRights[console.ReaderShown](t, c, "reader.show", held.key.Code()); console.KindOf(err) != pull.Conflict {
		t.Error(err)
	}
	held.alike = []who.Key{"kiosk.abcdefghiaaaaaaaaaaaaaaaaa", "lecker.bbcdefghiaaaaaaaaaaaaaaaaa"}
	if _, err := askRights[console.ReaderShown](t, c, "reader.show", held.key.Code()); err != nil {
		t.Error(err)
	}
}

func TestForgettingReachesTheMessenger(t *testing.T) {
	c, _, boy, _ := holding(t)
	if _, err := askRights[console.None](t, c, "reader.forget", "0049 170 123"); err != nil || !reflect.DeepEqual(boy.forgot, []string{"123"}) {
		t.Fatalf("%v, %v", boy.forgot, err)
	}
	_, err := askRights[console.None](t, c, "reader.forget", "123")
	if console.KindOf(err) != pull.Unknown || strings.Contains(err.Error(), "its own words") || len(boy.forgot) != 1 {
		t.Errorf("twice: %v, %v", boy.forgot, err)
	}
}

// TestEveryFieldOfADocumentIsTold changes whatever stands in a reader's document, one by
// one: what the export does not tell would be held in secret.
func TestEveryFieldOfADocumentIsTold(t *testing.T) {
	c, held, _, _ := holding(t)
	told := func() string {
		all, err := askRights[console.ReaderExport](t, c, "reader.export", "123")
		if err != nil || len(all.Waiting) != 1 || all.Waiting[0].Text != "tiramisu" {
			t.Fatal(all, err)
		}
		if d := all.Dead; len(d) != 1 || d[0].Text != "tiramisu please" || d[0].Answer != "Tiramisu: 45 minutes" || d[0].Why != "The platform was away." {
			t.Fatalf("dead letters are told as %+v", d)
		}
		b, err := json.Marshal(all.Held)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	fill(reflect.ValueOf(&held.reader).Elem())
	whole := told()
	for path, leaf := range leavesOf(reflect.ValueOf(&held.reader).Elem(), "Reader") {
		before := reflect.ValueOf(leaf.Interface())
		alterLeaf(leaf)
		if told() == whole {
			t.Errorf("the export does not tell %s", path)
		}
		leaf.Set(before)
	}
}

// A reader's document is written with the next ask; what is told is of this moment.
func TestAReplyThatHasLeftIsNotToldAsWaiting(t *testing.T) {
	c, held, _, _ := holding(t)
	held.reader.Unsent = []uint64{4685, 4711, 4720}
	shown, err := askRights[console.ReaderShown](t, c, "reader.show", "123")
	if err != nil || !slices.Equal(shown.Held.Unsent, []uint64{4720}) {
		t.Errorf("shown as not left are %v, %v", shown.Held.Unsent, err)
	}
	all, err := askRights[console.ReaderExport](t, c, "reader.export", "123")
	if err != nil || !slices.Equal(all.Held.Unsent, []uint64{4720}) || len(held.reader.Unsent) != 3 || held.reader.Unsent[0] != 4685 {
		t.Errorf("exported as not left are %v, %v; the document has %v", all.Held.Unsent, err, held.reader.Unsent)
	}
}

// leavesOf goes through everything in a value that is told or not, by the way there.
func leavesOf(v reflect.Value, path string) iter.Seq2[string, reflect.Value] {
	return func(yield func(string, reflect.Value) bool) {
		pass := func(v reflect.Value, path string) bool {
			for path, leaf := range leavesOf(v, path) {
				if !yield(path, leaf) {
					return false
				}
			}
			return true
		}
		switch {
		case v.Kind() == reflect.Pointer:
			pass(v.Elem(), path)
		case v.Kind() == reflect.Slice && v.Len() > 0:
			pass(v.Index(0), path)
		case v.Kind() == reflect.Struct && v.Type() != reflect.TypeFor[time.Time]():
			for i := range v.NumField() {
				if !pass(v.Field(i), path+"."+v.Type().Field(i).Name) {
					return
				}
			}
		default:
			yield(path, v)
		}
	}
}

// alterLeaf makes another value of one that fill has set.
func alterLeaf(leaf reflect.Value) {
	switch leaf.Kind() {
	case reflect.String:
		leaf.SetString("human")
	case reflect.Int, reflect.Int64:
		leaf.SetInt(4)
	case reflect.Uint64:
		leaf.SetUint(4)
	default:
		leaf.SetZero()
	}
}

// fill sets everything in a value to something.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.String:
		v.SetString("x")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(3)
	case reflect.Uint64:
		v.SetUint(3)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.SetMapIndex(reflect.ValueOf("name"), value)
	case reflect.Struct:
		if v.Type() == reflect.TypeFor[time.Time]() {
			v.Set(reflect.ValueOf(noon()))
			return
		}
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	}
}
