package bench

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
)

func TestTheYardstickMeasures(t *testing.T) {
	path := filepath.Join(t.TempDir(), "bare.db")
	rate, err := bareGroupCommit(t.Context(), path, 8, 200)
	if err != nil || rate <= 0 {
		t.Errorf("%v per second, error %v", rate, err)
	}
	if _, err := bareGroupCommit(t.Context(), path, 0, 1); err == nil {
		t.Error("no callers: no error")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := bareGroupCommit(ctx, filepath.Join(t.TempDir(), "bare.db"), 8, 200); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v, want context.Canceled", err)
	}
}
