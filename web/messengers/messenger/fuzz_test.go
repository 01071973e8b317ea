package messenger_test

import (
	"testing"

	"keypull/web/messengers/messengertest/metatest"
)

func FuzzReceive(f *testing.F) {
	metatest.Fuzz(f, suite().Open(f, "http://127.0.0.1:9", map[string]any{"page_id": "1"}))
}
