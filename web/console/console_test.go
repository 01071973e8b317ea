package console_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/pull/people"
	"keypull/pull/words"
	"keypull/web/console"
)

type greeting struct {
	Name string `json:"name"`
}

var (
	greet = console.Declare[greeting, greeting](console.Declaration{Name: "reader.greet", Permission: console.Read})
	long  = console.Declare[struct{}, string](console.Declaration{Name: "line.long", Permission: console.Read})
	write = console.Declare[console.Of, console.None](console.Declaration{Name: "reader.write", Permission: console.Write})
)

func greeter() *console.Console {
	return console.New(console.Options{},
		greet.Bind(
			func(_ context.Context, in greeting) (greeting, error) {
				if in.Name == "" {
					return greeting{}, &pull.Error{Kind: pull.Invalid, Field: "name", Hint: words.Verbatim("say who")}
				}
				return greeting{Name: "hello " + in.Name}, nil
			}),
		long.Bind(func(context.Context, struct{}) (string, error) { return strings.Repeat("x", 1<<20), nil }),
	)
}

// faces returns the ways to the same operations.
func faces(t *testing.T) map[string]console.Doer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "s.sock")
	socket, err := console.Listen(path, greeter(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := socket.Close(); err != nil {
			t.Error(err)
		}
	})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	return map[string]console.Doer{"in process": greeter(), "over the socket": console.Client{Path: path}}
}

func TestAnOperationIsTheSameOnEveryFace(t *testing.T) {
	for name, d := range faces(t) {
		t.Run(name, func(t *testing.T) {
			ctx := console.WithDoer(console.WithCaller(t.Context(), console.Operator()), d)
			out, err := greet.Call(ctx, greeting{Name: "Ann"})
			if err != nil || out.Name != "hello Ann" {
				t.Fatalf("%+v, %v", out, err)
			}
			_, err = greet.Call(ctx, greeting{})
			if pull.KindOf(err) != pull.Invalid || !strings.Contains(err.Error(), "say who") {
				t.Fatalf("a refused input: %v", err)
			}
			if _, err := d.Do(ctx, "reader.greet", []byte(`{"nme":"x"}`)); pull.KindOf(err) != pull.Invalid {
				t.Fatalf("an unknown field: %v", err)
			}
			if _, err := d.Do(ctx, "reader.greet", []byte(`{} {}`)); err == nil {
				t.Fatal("two values were taken for one")
			}
			if _, err := d.Do(ctx, "no.such", []byte(`{}`)); pull.KindOf(err) != pull.Unknown {
				t.Fatalf("an unknown operation: %v", err)
			}
			if _, err := write.Call(ctx, console.Of{}); pull.KindOf(err) != pull.Unknown {
				t.Fatalf("an operation that is not carried out here: %v", err)
			}
			text, err := long.Call(ctx, struct{}{})
			if err != nil || len(text) != 1<<20 {
				t.Fatalf("%d bytes, %v", len(text), err)
			}
		})
	}
}

func TestASocketNobodyListensAtIsNoServer(t *testing.T) {
	_, err := console.Client{Path: filepath.Join(t.TempDir(), "none")}.Do(t.Context(), "reader.greet", []byte("{}"))
	if !errors.Is(err, console.ErrNoServer) {
		t.Fatal(err)
	}
}

func TestEveryOperationHasAPermissionAndAResourceWithAVerb(t *testing.T) {
	for _, o := range console.New(console.Options{}, console.AskRunner{}.Operation(), console.BackupOperation(nil), console.KeysOperation(nil), console.HalvesOperation(nil)).Operations() {
		resource, verb, ok := strings.Cut(o.Name, ".")
		if !ok || resource == "" || verb == "" || o.Permission == "" || o.Summary == "" || o.In == nil || o.Out == nil {
			t.Errorf("%+v", o)
		}
	}
}

func TestACallNeedsSomebodyWhoCarriesItOut(t *testing.T) {
	if _, err := greet.Call(console.WithCaller(t.Context(), console.Operator()), greeting{Name: "Ann"}); err == nil {
		t.Fatal("nobody carried it out, without an error")
	}
}

func TestPermissionIsAskedOfTheOperation(t *testing.T) {
	editor := console.Principal{ID: "ann", Person: "ann", Roles: map[string]people.Role{"lecker": people.Editor, "kiosk": people.Viewer}}
	ctx := console.WithCaller(t.Context(), editor)
	for publisher, want := range map[string]pull.ErrorKind{"kiosk": pull.Denied, "elsewhere": pull.Unknown, "": pull.Denied} {
		if err := write.Refusal(ctx, publisher); pull.KindOf(err) != want || write.Allowed(ctx, publisher) {
			t.Errorf("write at %q: %v, want %s", publisher, err, want)
		}
	}
	if !write.Allowed(ctx, "lecker") || !greet.Allowed(ctx, "kiosk") || !greet.Allowed(ctx, "") {
		t.Error("an editor may not write, or a viewer not read")
	}
	if write.Allowed(t.Context(), "lecker") || pull.KindOf(greet.Refusal(t.Context(), "")) != pull.Denied {
		t.Error("whoever has not signed in may")
	}
}
