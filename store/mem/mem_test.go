package mem_test

import (
	"testing"

	"keypull/store"
	"keypull/store/mem"
	"keypull/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Subject {
		clock := storetest.NewClock()
		s := mem.Open(store.Options{Clock: clock.Now})
		return storetest.Subject{Backend: s, Clock: clock, Beside: func(*testing.T) store.Backend { return s.Beside() }, Empty: func(*testing.T) storetest.Filling {
			f := mem.Open(store.Options{Clock: clock.Now})
			same := func(*testing.T) store.Backend { return f }
			return storetest.Filling{Backend: f, Filled: same, Again: same}
		}}
	})
}
