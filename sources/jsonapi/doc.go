// Package jsonapi is the source kind "json": whatever answers in JSON over
// HTTP. The address, headers and body may have places for what a reader writes
// and for facts that a reader permits, each escaped by where it stands. JSON
// paths say where the items are, and what of each is its title, price or date;
// numbers keep their digits. Presets know the documented shapes of widespread
// systems.
package jsonapi
