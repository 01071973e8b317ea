package engine

import "fmt"

// Operations tells what a record of the log consists of.
func Operations(record []byte) (told []string, err error) {
	err = readOperations(record, func(o operation) error {
		told = append(told, fmt.Sprintf("%d %s %x %s %d %v", o.op, o.bucket, o.key, o.value, o.number, o.appended))
		return nil
	})
	return told, err
}

// SmallMaps has files that are opened from now on map no more than needed and so many
// bytes beyond, until restore is called.
func SmallMaps(room int64) (restore func()) {
	was, wasRoom := initialMap, mapRoom
	initialMap, mapRoom = 0, room
	return func() { initialMap, mapRoom = was, wasRoom }
}
