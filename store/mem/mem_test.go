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
		return storetest.Subject{Backend: mem.Open(store.Options{Clock: clock.Now}), Clock: clock}
	})
}
