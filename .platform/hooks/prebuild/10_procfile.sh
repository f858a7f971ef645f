#!/bin/bash
# Heroku's release phase is no process of Elastic Beanstalk, which would start it again and again.
set -euo pipefail
sed -i '/^release:/d' Procfile
