package consoletest

import (
	"context"
	"encoding/json"
	"fmt"

	"keypull/web/console"
)

// Call carries an operation out by its name, JSON in and JSON out, as other processes
// do.
func Call[In, Out any](ctx context.Context, d console.Doer, name string, in In) (Out, error) {
	var out Out
	raw, err := json.Marshal(in)
	if err != nil {
		return out, fmt.Errorf("%s: encode the input: %w", name, err)
	}
	b, err := d.Do(ctx, name, raw)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(b, &out); err != nil {
		return out, fmt.Errorf("%s: decode the output: %w", name, err)
	}
	return out, nil
}
