package jsonapi_test

import (
	"testing"

	"keypull/sources/jsonapi"
	"keypull/sources/sourcetest"
)

func TestItsMessageFilesAreWhole(t *testing.T) {
	sourcetest.Words(t, jsonapi.Kind)
}
