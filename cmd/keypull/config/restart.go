package config

import (
	"fmt"
	"maps"
	"reflect"
	"slices"

	"keypull/pull/catalogue"
	"keypull/pull/settings"
	"keypull/pull/words"
)

// NeedsRestart finds what differs from the configuration that a server was started with and counts at a
// start alone: everything but the publishers and the log.
func (c *Config) NeedsRestart(since *Config) (Findings, error) {
	before, err := since.ofStart()
	if err != nil {
		return nil, err
	}
	now, err := c.ofStart()
	if err != nil {
		return nil, err
	}
	var all Findings
	for _, path := range differing("", before, now) {
		all = append(all, c.Finding(path, catalogue.Error, "restart", words.Text{Key: "reload.restart"}))
	}
	all.Sort()
	return all, nil
}

// ofStart returns what counts at a start alone, by table and key.
func (c *Config) ofStart() (map[string]any, error) {
	own := *c
	own.Publishers, own.Log = nil, LogConfig{}
	values, err := settings.Values(&own)
	if err != nil {
		return nil, fmt.Errorf("compare the configuration: %w", err)
	}
	return values, nil
}

// differing returns the paths at which two tables differ.
func differing(path string, before, now map[string]any) (paths []string) {
	names := slices.Sorted(maps.Keys(before))
	for name := range now {
		if _, there := before[name]; !there {
			names = append(names, name)
		}
	}
	for _, name := range names {
		was, wasTable := before[name].(map[string]any)
		is, isTable := now[name].(map[string]any)
		switch at := joinPath(path, name); {
		case wasTable && isTable:
			paths = append(paths, differing(at, was, is)...)
		case !reflect.DeepEqual(before[name], now[name]):
			paths = append(paths, at)
		}
	}
	return paths
}
