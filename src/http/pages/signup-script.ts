export const signupScript = `'use strict';`;
