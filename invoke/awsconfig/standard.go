package awsconfig

import (
	"reflect"
	"unsafe"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdkretry "github.com/aws/aws-sdk-go-v2/aws/retry"
)

// standardOptions returns the options of the *retry.Standard that retryer is, or
// that the SDK's package retry has wrapped. The SDK shows them to nobody, so they
// are looked for by their type. false means that there are none.
func standardOptions(retryer aws.Retryer) (options sdkretry.StandardOptions, ok bool) {
	standard, ok := unwrap(retryer).(*sdkretry.Standard)
	if !ok || standard == nil {
		return options, false
	}
	v := reflect.ValueOf(standard).Elem()
	for i := range v.NumField() {
		if field := v.Field(i); field.Type() == reflect.TypeFor[sdkretry.StandardOptions]() {
			return *(*sdkretry.StandardOptions)(unsafe.Pointer(field.UnsafeAddr())), true
		}
	}
	return options, false
}

// unwrap returns what is inside of the wrappers of the SDK's package retry, such
// as that of AddWithErrorCodes. They embed a Retryer each.
func unwrap(retryer aws.Retryer) aws.Retryer {
	v := reflect.Indirect(reflect.ValueOf(retryer))
	if v.Kind() != reflect.Struct || v.Type().PkgPath() != reflect.TypeFor[sdkretry.Standard]().PkgPath() {
		return retryer
	}
	for i := range v.NumField() {
		if !v.Type().Field(i).Anonymous {
			continue
		}
		if inner, ok := v.Field(i).Interface().(aws.Retryer); ok {
			return unwrap(inner)
		}
	}
	return retryer
}
