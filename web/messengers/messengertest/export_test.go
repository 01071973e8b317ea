package messengertest

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"

	"keypull/web/messengers"
)

// Findings runs the suite and returns what it finds.
func Findings(t testing.TB, c Case) []string {
	t.Helper()
	r := &recorder{test: t, found: &findings{}}
	r.Run("", func(t T) { c.run(t) })
	return r.found.all
}

// ProfileFindings returns what the part of the suite about a face finds.
func ProfileFindings(t testing.TB, c Case) []string {
	t.Helper()
	r := &recorder{test: t, found: &findings{}}
	r.Run("", func(t T) { c.fronts(t, &record{}) })
	return r.found.all
}

// Wrapped returns a case whose messenger is put into another one.
func Wrapped(c Case, in func(messengers.Env, messengers.Messenger) messengers.Messenger) Case {
	c.wrap = in
	return c
}

// Based returns a case whose messenger is put into one that is told where its API is.
func Based(c Case, in func(base string, m messengers.Messenger) messengers.Messenger) Case {
	c.based = in
	return c
}

// WrappedApp returns a case whose app is put into another one.
func WrappedApp(c Case, in func(messengers.App) messengers.App) Case {
	c.wrapApp = in
	return c
}

type findings struct {
	mu  sync.Mutex
	all []string
}

// recorder is a test that only takes down what is wrong.
type recorder struct {
	test  testing.TB
	name  string
	found *findings
}

func (r *recorder) Helper() {}

func (r *recorder) Errorf(format string, args ...any) {
	r.found.mu.Lock()
	defer r.found.mu.Unlock()
	r.found.all = append(r.found.all, r.name+": "+fmt.Sprintf(format, args...))
}

func (r *recorder) Fatalf(format string, args ...any) {
	r.Errorf(format, args...)
	runtime.Goexit()
}

func (r *recorder) Cleanup(f func())         { r.test.Cleanup(f) }
func (r *recorder) Context() context.Context { return r.test.Context() }

func (r *recorder) Run(name string, f func(T)) {
	done := make(chan struct{})
	part := &recorder{test: r.test, name: r.name + "/" + name, found: r.found}
	go func() {
		defer close(done)
		defer func() {
			if p := recover(); p != nil {
				part.Errorf("panics: %v", p)
			}
		}()
		f(part)
	}()
	<-done
}
