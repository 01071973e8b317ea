package console_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keypull/pull"
	"keypull/web/console"
)

type greeting struct {
	Name string `json:"name"`
}

func greeter() *console.Console {
	return console.New(console.Options{},
		console.Declare(console.Operation{Name: "reader.greet", Permission: console.Read},
			func(_ context.Context, in greeting) (greeting, error) {
				if in.Name == "" {
					return greeting{}, &pull.Error{Kind: pull.Invalid, Field: "name", Hint: "say who"}
				}
				return greeting{Name: "hello " + in.Name}, nil
			}),
		console.Declare(console.Operation{Name: "line.long", Permission: console.Read},
			func(context.Context, struct{}) (string, error) { return strings.Repeat("x", 1<<20), nil }),
	)
}

// faces are the ways to the same operations.
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
			ctx := console.As(t.Context(), console.Operator())
			out, err := console.Call[greeting, greeting](ctx, d, "reader.greet", greeting{Name: "Ann"})
			if err != nil || out.Name != "hello Ann" {
				t.Fatalf("%+v, %v", out, err)
			}
			_, err = console.Call[greeting, greeting](ctx, d, "reader.greet", greeting{})
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
			long, err := console.Call[struct{}, string](ctx, d, "line.long", struct{}{})
			if err != nil || len(long) != 1<<20 {
				t.Fatalf("%d bytes, %v", len(long), err)
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

func TestEveryOperationHasAPermissionAndANounWithAVerb(t *testing.T) {
	for _, o := range console.New(console.Options{}, console.Asking{}.Operation(), console.BackupOperation(nil), console.KeysOperation(nil)).Operations() {
		noun, verb, ok := strings.Cut(o.Name, ".")
		if !ok || noun == "" || verb == "" || o.Permission == "" || o.Summary == "" || o.In == nil || o.Out == nil {
			t.Errorf("%+v", o)
		}
	}
}
