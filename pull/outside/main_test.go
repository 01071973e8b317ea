package outside_test

import (
	"testing"

	"go.uber.org/goleak"
)

// TestMain fails the tests if a client leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }
