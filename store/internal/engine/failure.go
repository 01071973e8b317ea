package engine

import (
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"

	"keypull/pull/words"
)

// failure is why a store can't go on, once it can't.
type failure struct {
	once  sync.Once
	err   atomic.Pointer[error]
	begun chan struct{}
}

// cause returns why the store failed, or nil.
func (f *failure) cause() error {
	if err := f.err.Load(); err != nil {
		return *err
	}
	return nil
}

// setCause notes the cause; false if there is one already.
func (f *failure) setCause(err error) (first bool) {
	f.once.Do(func() {
		f.err.Store(&err)
		close(f.begun)
		first = true
	})
	return first
}

// panicText tells what a panic is about.
func panicText(p any) words.Text {
	if fault, ok := p.(interface{ Addr() uintptr }); ok && fault.Addr() != 0 {
		return words.Text{Key: "store.part_gone"}
	}
	if _, ok := p.(runtime.Error); ok {
		return words.Text{Key: "store.no_page"}
	}
	return words.Quoted(fmt.Sprint(p))
}
