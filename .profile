# Heroku reads this before anything runs on a dyno: the add-on Bucketeer names its bucket by words of its own.
# What is set under the tool's own names wins.
if [ -n "${BUCKETEER_BUCKET_NAME:-}" ]; then
  export S3_BUCKET="${S3_BUCKET:-$BUCKETEER_BUCKET_NAME}"
  export S3_REGION="${S3_REGION:-$BUCKETEER_AWS_REGION}"
  export AWS_ACCESS_KEY_ID="${AWS_ACCESS_KEY_ID:-$BUCKETEER_AWS_ACCESS_KEY_ID}"
  export AWS_SECRET_ACCESS_KEY="${AWS_SECRET_ACCESS_KEY:-$BUCKETEER_AWS_SECRET_ACCESS_KEY}"
fi
