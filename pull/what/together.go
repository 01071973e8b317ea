package what

import (
	"sync"
	"sync/atomic"
)

// together does work side by side. What breaks down there breaks down where
// the work is waited for, so that whoever asked for it can catch it.
type together struct {
	group sync.WaitGroup
	broke atomic.Pointer[any]
}

func (t *together) do(work func()) {
	t.group.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				t.broke.CompareAndSwap(nil, &p)
			}
		}()
		work()
	})
}

func (t *together) wait() {
	t.group.Wait()
	if p := t.broke.Load(); p != nil {
		panic(*p)
	}
}
