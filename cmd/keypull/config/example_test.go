package config_test

import (
	"testing"

	"keypull/cmd/keypull/config"
	"keypull/cmd/keypull/config/configtest"
)

func TestTheExampleServesWhateverTheKinds(t *testing.T) { configtest.Run(t, config.TestKinds()) }
