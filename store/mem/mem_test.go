package mem_test

import (
	"testing"

	"keypull/store"
	"keypull/store/mem"
	"keypull/store/storetest"
)

func TestContract(t *testing.T) {
	storetest.Run(t, func(*testing.T) storetest.Opened {
		clock := storetest.NewClock()
		return storetest.Opened{Backend: mem.Open(store.Options{Clock: clock.Now}), Clock: clock}
	})
}
