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
