// Package folder makes names in folders durable. What stands in the files is
// left to those who write them.
package folder
