package messengers

import (
	"strconv"

	"keypull/pull"
)

// LocationOf returns a place on the globe from its coordinates as they were written;
// nil if they are none.
func LocationOf(latitude, longitude, name string) *pull.Location {
	y, errY := strconv.ParseFloat(latitude, 64)
	x, errX := strconv.ParseFloat(longitude, 64)
	// What is no number is on no globe either.
	if errX != nil || errY != nil || !(y >= -90 && y <= 90 && x >= -180 && x <= 180) {
		return nil
	}
	return &pull.Location{Latitude: y, Longitude: x, Name: name}
}
