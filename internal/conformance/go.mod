module github.com/lambda-invoke/lambda-invoke-go/internal/conformance

go 1.25

replace github.com/lambda-invoke/lambda-invoke-go => ../..

require (
	github.com/aws/aws-sdk-go-v2 v1.47.7
	github.com/aws/smithy-go/aws-http-auth v1.1.3
	github.com/lambda-invoke/lambda-invoke-go v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
)

require (
	github.com/aws/smithy-go v1.28.8 // indirect
	go.yaml.in/yaml/v3 v3.0.5 // indirect
)
