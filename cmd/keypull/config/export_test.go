package config

// TestKinds are the kinds of these tests.
var TestKinds = testKinds
