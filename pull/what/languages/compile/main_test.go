package main

import (
	"bytes"
	"os"
	"testing"
)

func TestTheTablesAreCurrent(t *testing.T) {
	want, err := compile()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../tables.bin")
	if err != nil || !bytes.Equal(got, want) {
		t.Errorf("tables.bin is not what the folders of languages say: run make tables (%v)", err)
	}
}
